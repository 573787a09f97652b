import type { Verification } from '../../../image/verification.ts';
import type { Life } from '../../../lookup/life.ts';
import type { HistoryDocument } from '../documents.ts';
import { type Content, fill, h } from '../dom.ts';
import { linkTo } from '../route.ts';
import { time } from '../times.ts';
import { count, short, wholeName } from '../words.ts';
import { chart } from './chart.ts';
import { lanesOf } from './deployments.ts';
import { gapsOf } from './gaps.ts';
import { begun, loadLives, loadOlder, type Read } from './loading.ts';
import { movesList } from './moves.ts';
import { type Stay, staysIn } from './stays.ts';

interface Timeline {
  readonly reference: string;
  readonly document: HistoryDocument;
  readonly signal: AbortSignal;
  readonly nowMs: number;
  readonly lives: Map<string, Life>;
  /** Digests that were asked about, whether or not anything came of it. */
  readonly asked: Set<string>;
  readonly chosen: Set<string>;
  readonly bar: HTMLElement;
  readonly foot: HTMLElement;
  readonly drawing: ReturnType<typeof chart>;
  readonly list: ReturnType<typeof movesList>;
  read: Read;
  stays: readonly Stay[];
  isLoading: boolean;
}

const MOST_LANES = 6;
/** Scrolling rests for so long before anything is asked about what is seen. */
const RESTED_MS = 120;
/** So many rows before the end the older ones are loaded. */
const NEAR_END = 15;
/** The drawing begins with the newest stays: as many as can be told apart. */
const DRAWN_FIRST = 12;

/** Everything that a tag has pointed to: a drawing, and a list in which two of them are chosen to be compared. */
export function timelineView(document: HistoryDocument, signal: AbortSignal, now = new Date()): HTMLElement {
  const { repository, tag, entries, verification } = document;
  const nowMs = now.getTime();
  const reference = wholeName(repository, `:${tag}`);
  let rest: ReturnType<typeof setTimeout> | undefined;
  const line: Timeline = {
    ...{ reference, document, signal, nowMs, lives: new Map(), asked: new Set(), chosen: new Set() },
    ...{ read: begun(entries), stays: staysIn(entries), isLoading: false },
    bar: h('div', { class: 'compare', role: 'status' }),
    foot: h('p', { class: 'foot', tabindex: -1 }),
    drawing: chart(nowMs, (nth) => {
      choose(line, nth);
      line.list.reveal(nth);
    }),
    list: movesList(nowMs, {
      onPick: (nth) => choose(line, nth),
      onOpen: (nth) => open(line, nth),
      linkOf: (stay) => imageLink(document, stay),
      onSeen(first, last) {
        line.drawing.mark(partOf(line, first, last));
        clearTimeout(rest);
        rest = setTimeout(() => void readOn(line, first, last), RESTED_MS);
      },
    }),
  };
  signal.addEventListener('abort', () => clearTimeout(rest));
  line.drawing.look(partOf(line, 0, DRAWN_FIRST - 1));
  show(line);
  return h(
    'section',
    { class: 'timeline', 'aria-labelledby': 'timeline' },
    h('h2', { id: 'timeline' }, 'Time line'),
    incomplete(verification),
    ...[line.drawing.element, line.bar, line.list.element, line.foot],
  );
}

/** Said before anything is drawn: a history that nobody checked looks the same as a whole one. */
function incomplete(verification: Verification | undefined): HTMLElement | undefined {
  if (verification) return undefined;
  return h(
    'p',
    { class: 'note doubt' },
    h('strong', {}, 'History incomplete. '),
    'It was never held against the registry: a push that AWS never told of is not in it.',
  );
}

function show(line: Timeline): void {
  const { stays, lives, chosen, document, nowMs, read } = line;
  const { lanes } = lanesOf(lives.values(), nowMs, MOST_LANES);
  const gaps = gapsOf(stays, document.verification, nowMs);
  const beginsMs = stays.at(-1)?.fromMs ?? nowMs;
  line.drawing.show({ stays, lives, lanes, gaps, chosen, beginsMs });
  line.list.show({ stays, lives, chosen });
  showBar(line);
  const older = h('button', { type: 'button', onclick: () => void more(line) }, 'Load older moves');
  fill(
    line.foot,
    count(stays.length, 'stay'),
    read.isMore ? ' loaded. ' : ', all that is on record. ',
    read.isMore && older,
    checked(line),
  );
}

function checked({ document: { verification } }: Timeline) {
  return verification && [' Last held against the registry at ', time(verification.verifiedAt), '.'];
}

function partOf({ stays, nowMs }: Timeline, first: number, last: number) {
  const fromMs = stays[Math.min(last, stays.length - 1)]?.fromMs ?? nowMs;
  return { fromMs, toMs: stays[first]?.toMs ?? nowMs };
}

/** What is seen is asked about; near the end, the older ones are loaded. */
async function readOn(line: Timeline, first: number, last: number): Promise<void> {
  const { stays, read, asked, lives, reference, signal } = line;
  if (line.isLoading || signal.aborted) return;
  const wanted = stays.slice(first, last + 1).find(({ entry: { digest } }) => digest && !asked.has(digest));
  if (wanted) {
    line.isLoading = true;
    const nth = read.entries.findIndex(
      (it) => it.digest === wanted.entry.digest && Date.parse(it.at) <= (wanted.toMs ?? Infinity),
    );
    for (const life of await loadLives(reference, read.entries, nth, signal).catch(() => [])) {
      lives.set(life.digest, life);
      asked.add(life.digest);
    }
    asked.add(wanted.entry.digest as string);
    line.isLoading = false;
    if (signal.aborted) return;
    show(line);
    return;
  }
  if (read.isMore && last >= stays.length - NEAR_END) await more(line);
}

async function more(line: Timeline): Promise<void> {
  if (line.isLoading) return;
  line.isLoading = true;
  const read = await loadOlder(line.reference, line.read, line.signal).catch(() => undefined);
  line.isLoading = false;
  if (read === undefined || line.signal.aborted) return;
  if (typeof read === 'string') {
    fill(line.foot, h('strong', {}, 'Older moves could not be read: '), read);
    return;
  }
  line.read = read;
  line.stays = staysIn(read.entries);
  show(line);
}

/** Chooses a stay, or takes it back; of three the one that was chosen first is given up. */
function choose(line: Timeline, nth: number): void {
  const { chosen, stays } = line;
  const key = stays[nth]?.key;
  if (key === undefined || !stays[nth]?.entry.digest) return;
  if (!chosen.delete(key)) {
    const [first] = chosen;
    if (chosen.size === 2 && first !== undefined) chosen.delete(first);
    chosen.add(key);
  }
  show(line);
}

function showBar(line: Timeline): void {
  fill(line.bar, barContent(line));
}

function barContent({ stays, chosen, document }: Timeline): Content {
  const [newer, older] = stays.filter(({ key }) => chosen.has(key));
  if (!newer) return 'Choose two to compare them: click, or arrows and Space. Enter opens one.';
  if (!older) return `${nameOf(newer)} is chosen; choose another one to compare it with.`;
  const href = linkTo({ view: 'diff', older: exactly(document, older), newer: exactly(document, newer) });
  return h('a', { class: 'button primary', href }, `Compare ${nameOf(older)} with ${nameOf(newer)}`);
}

function nameOf({ entry: { provenance, digest } }: Stay): string {
  return short(provenance?.best.commit ?? digest ?? '');
}

/** The tag at that time, which has its own history; where that second has several, the image. */
function exactly({ repository, tag }: HistoryDocument, { entry, isTied }: Stay): string {
  return wholeName(repository, isTied ? `@${entry.digest}` : `:${tag}@{${entry.at}}`);
}

function open({ stays, document }: Timeline, nth: number): void {
  const link = stays[nth] && imageLink(document, stays[nth]);
  if (link) location.hash = link;
}

function imageLink({ repository }: Pick<HistoryDocument, 'repository'>, { entry }: Stay): string | undefined {
  return entry.digest && linkTo({ view: 'ask', subject: wholeName(repository, `@${entry.digest}`) });
}
