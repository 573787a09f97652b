import type { Provenance } from '../../../image/provenance.ts';
import { safeText } from '../../../image/untrusted.ts';
import type { SourceLinks } from '../../../lookup/source-links.ts';
import type { Run } from '../../../workload/run.ts';
import { type Content, h } from '../dom.ts';
import { linkTo } from '../route.ts';
import { howKnown, serviceName, short, strengthOf, TIER_WORDS } from '../words.ts';

// What several views are made of.

/** A part of the page under a heading. */
export function section(title: string, ...content: readonly Content[]): HTMLElement {
  return h('section', {}, h('h2', {}, title), content);
}

/** Names and values; a name without a value is left out. */
export function facts(rows: Readonly<Record<string, Content>>): HTMLElement {
  const given = Object.entries(rows).filter(([, value]) => value !== undefined && value !== false);
  return h(
    'dl',
    { class: 'facts' },
    given.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))),
  );
}

/** A table with its head; it scrolls by itself where it is wider than the page. */
export function table(
  label: string,
  head: readonly string[],
  rows: readonly (readonly Content[])[],
): HTMLElement {
  const cells = (row: readonly Content[]) =>
    row.map((cell, nth) => h('td', { 'data-head': head[nth] }, cell));
  return h(
    'div',
    { class: 'table', role: 'region', tabindex: 0, 'aria-label': label },
    h(
      'table',
      {},
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          head.map((it) => h('th', { scope: 'col' }, it)),
        ),
      ),
      h(
        'tbody',
        {},
        rows.map((row) => h('tr', {}, cells(row))),
      ),
    ),
  );
}

/** The commit and in a mark how it is known. */
export function commit(provenance: Provenance | undefined): Content {
  if (!provenance) return h('span', { class: 'doubtful' }, 'commit unknown');
  const { best, conflicts } = provenance;
  return [
    h('code', {}, short(best.commit)),
    ' ',
    h('span', { class: `tier ${strengthOf(best.tier)}`, title: howKnown(best) }, TIER_WORDS[best.tier]),
    conflicts.length > 0 && [' ', h('span', { class: 'tier conflict' }, 'conflict')],
  ];
}

/** A page of somebody else's, on a host that may be linked to: it learns nothing of this one. */
export function away(href: string | undefined, words: string): Content {
  return (
    href?.startsWith('https://') &&
    h('a', { class: 'button', href, rel: 'noopener noreferrer', target: '_blank' }, words)
  );
}

/** The pages about a commit. */
export function awayTo({ commit, compare, build }: SourceLinks): Content {
  const links = [away(commit, 'Commit'), away(compare, 'What it changed'), away(build, 'Build')].filter(
    Boolean,
  );
  return links.length > 0 && h('p', { class: 'links' }, links);
}

/** A question of the console's own. */
export function askLink(subject: string, words: string, style = 'code'): HTMLElement {
  return h('a', { class: style, href: linkTo({ view: 'ask', subject }) }, words);
}

/** `cluster/service`, to be asked about; tasks of no service have no look-up by their name alone. */
export function serviceLink(run: Pick<Run, 'workload'>): HTMLElement {
  const name = serviceName(run);
  return name.includes(':') ? h('code', {}, name) : askLink(name, name);
}

/** A doubt, or several, where nobody overlooks them. */
export function doubts(lines: readonly Content[]): Content {
  if (lines.length === 0) return undefined;
  return h(
    'ul',
    { class: 'note doubt', 'aria-label': 'Doubts' },
    lines.map((line) => h('li', {}, line)),
  );
}

/** What somebody else wrote, cut. */
export function theirs(text: Parameters<typeof safeText>[0] | undefined, most = 200): string {
  return text === undefined ? '' : safeText(text, most);
}
