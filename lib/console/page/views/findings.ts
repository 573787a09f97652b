import { raw } from '../../../image/untrusted.ts';
import type { KeptFinding } from '../../../scan/scan-findings.ts';
import { type Content, h } from '../dom.ts';
import { linkTo } from '../route.ts';
import { count } from '../words.ts';
import { table, theirs } from './parts.ts';
import { byWhatMatters } from './what-matters.ts';

/** More than these are shown when somebody asks for them. */
const SHOWN = 25;
/** An id that can be asked about; anything else is text. */
const ASKABLE = /^[A-Za-z0-9][A-Za-z0-9._:-]{2,63}$/;

/** The findings of a scan, what matters first. */
export function findingsTable(findings: readonly KeptFinding[], label = 'Findings'): HTMLElement {
  const sorted = [...findings].sort(byWhatMatters);
  const head = ['Severity', 'Finding', 'Score', 'Package', 'Fixed in', 'Platforms'];
  const of = (some: readonly KeptFinding[]) => table(label, head, some.map(cells));
  const box = h('div', {}, of(sorted.slice(0, SHOWN)));
  const rest = sorted.length - SHOWN;
  if (rest > 0) {
    const all = () => box.replaceChildren(of(sorted));
    box.append(
      h(
        'p',
        {},
        h('button', { type: 'button', onclick: all }, `Show ${count(rest, 'more finding', 'more findings')}`),
      ),
    );
  }
  return box;
}

function cells({ id, severity, packages = [], score, fix, platforms = [] }: KeptFinding): readonly Content[] {
  const fixedIn = packages.map((it) => theirs(it.fixedIn, 60)).filter(Boolean);
  const names = packages.map(({ name, version }) => `${theirs(name, 60)} ${theirs(version, 60)}`);
  return [
    h('span', { class: `mark ${severity.toLowerCase()}` }, severity.toLowerCase()),
    findingLink(id),
    score === undefined ? '' : score.toFixed(1),
    several(names),
    fixedIn.length > 0 ? several(fixedIn) : fix === 'none' ? h('span', { class: 'quiet' }, 'no fix') : '',
    platforms.join(', '),
  ];
}

function several(names: readonly string[]): Content {
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
}

/** The finding, to be asked about where its id can be one. */
export function findingLink(id: KeptFinding['id']): Content {
  const text = raw(id);
  if (!ASKABLE.test(text)) return h('span', { class: 'code' }, theirs(id, 80));
  return h('a', { class: 'code', href: linkTo({ view: 'cve', id: text }) }, text);
}
