import { safeText } from '../../../image/untrusted.ts';
import type { Life } from '../../../lookup/life.ts';
import { type Content, fill, h } from '../dom.ts';
import { scanWords, severityBars } from '../severity.ts';
import { lasting, zones } from '../times.ts';
import { serviceName, short, strengthOf, TIER_WORDS } from '../words.ts';
import type { Stay } from './stays.ts';

/** What a row shows of one stay. `life` is absent until it has been asked for. */
export function fillMove(
  row: HTMLElement,
  stay: Stay,
  { life, link, nowMs }: { life: Life | undefined; link: string | undefined; nowMs: number },
): void {
  const { entry, fromMs, toMs, repeats } = stay;
  fill(
    row,
    h('div', { role: 'gridcell', class: 'pick' }, h('span', { class: 'tickbox', 'aria-hidden': 'true' })),
    h(
      'div',
      { role: 'gridcell', class: 'what' },
      h('p', {}, commitWords(stay, link)),
      h('p', { class: 'quiet' }, imageWords(stay)),
    ),
    h(
      'div',
      { role: 'gridcell', class: 'when' },
      h('p', {}, zones(entry.at)),
      h(
        'p',
        { class: 'quiet' },
        `${lasting(fromMs, toMs ?? nowMs)}${toMs === undefined ? ', still so' : ''}`,
        again(repeats),
        guess(stay),
      ),
    ),
    h('div', { role: 'gridcell', class: 'found' }, foundWords(stay, life)),
  );
}

function commitWords(
  { entry: { digest, provenance }, isTied }: Stay,
  link: string | undefined,
): readonly Content[] {
  if (!digest) return [h('strong', {}, 'deleted'), isTied && conflict('same second')];
  const best = provenance?.best;
  const words = best ? short(best.commit) : 'commit unknown';
  return [
    link ? h('a', { class: 'code', href: link, tabindex: -1 }, words) : h('span', { class: 'code' }, words),
    best && h('span', { class: `tier ${strengthOf(best.tier)}` }, TIER_WORDS[best.tier]),
    best?.isDirty && conflict('dirty'),
    provenance && provenance.conflicts.length > 0 && conflict('conflict'),
    isTied && conflict('same second'),
  ];
}

function conflict(words: string): HTMLElement {
  return h('span', { class: 'tier conflict' }, words);
}

function imageWords({ entry: { digest, actor, origin } }: Stay): string {
  const by = actor ? ` by ${safeText(actor, 80)}` : '';
  const from = origin ? ` from ${origin.account}/${origin.region}` : '';
  return `${digest ? short(digest) : 'no image'}${by}${from}`;
}

function again(repeats: number): string {
  return repeats > 0 ? `, pushed ${repeats + 1} times` : '';
}

function guess({ entry: { window } }: Stay): Content {
  return window && h('span', { class: 'doubtful' }, ' no event came: a guess');
}

function foundWords({ entry: { digest } }: Stay, life: Life | undefined): readonly Content[] {
  if (!digest) return [];
  if (!life) return [h('p', { class: 'quiet' }, '…')];
  const names = [...new Set(life.runs.map(serviceName))];
  const now = new Set(life.runs.filter(({ tasks }) => tasks > 0).map(serviceName));
  const shown = names
    .slice(0, 3)
    .map((name) => h('span', { class: now.has(name) ? 'service now' : 'service' }, name));
  return [
    h(
      'p',
      { class: life.scan ? 'scan' : 'scan doubtful' },
      life.scan && severityBars(life.scan.counts),
      h('span', {}, scanWords(life.scan)),
    ),
    h('p', { class: 'services' }, shown, names.length > 3 && ` and ${names.length - 3} more`),
  ];
}
