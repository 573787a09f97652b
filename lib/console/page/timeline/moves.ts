import type { Life } from '../../../lookup/life.ts';
import { h } from '../dom.ts';
import { fillMove } from './move.ts';
import type { Stay } from './stays.ts';

/** What the list is of. */
export interface Moves {
  readonly stays: readonly Stay[];
  readonly lives: ReadonlyMap<string, Life>;
  readonly chosen: ReadonlySet<string>;
}

interface Told {
  /** A stay was chosen, or is not any more. */
  readonly onPick: (nth: number) => void;
  readonly onOpen: (nth: number) => void;
  /** These are seen now. */
  readonly onSeen: (first: number, last: number) => void;
  readonly linkOf: (stay: Stay) => string | undefined;
}

interface List {
  readonly frame: HTMLElement;
  readonly body: HTMLElement;
  readonly rows: Map<number, HTMLElement>;
  readonly told: Told;
  readonly nowMs: number;
  moves: Moves;
  /** The row that Tab leads to. */
  active: number;
  rowHeight: number;
}

/** Rows above and below what is seen that are there already. */
const SPARE = 4;

/** The stays as rows. Only those that are seen are in the page, however many there are. */
export function movesList(nowMs: number, told: Told) {
  const body = h('div', { role: 'rowgroup', class: 'moves-body' });
  const words = { 'aria-label': 'Moves of the tag, the newest first', 'aria-multiselectable': 'true' };
  const frame = h('div', { class: 'moves', role: 'grid', ...words }, body);
  const moves: Moves = { stays: [], lives: new Map(), chosen: new Set() };
  const list: List = { frame, body, rows: new Map(), told, nowMs, moves, active: 0, rowHeight: 72 };
  let isAwaited = false;
  frame.addEventListener('scroll', () => {
    if (isAwaited) return;
    isAwaited = true;
    requestAnimationFrame(() => {
      isAwaited = false;
      paint(list);
    });
  });
  frame.addEventListener('keydown', (event) => onKey(list, event));
  frame.addEventListener('click', ({ target }) => onClick(list, target));
  new ResizeObserver(() => show(list, list.moves)).observe(frame);
  return {
    element: frame,
    show: (next: Moves) => show(list, next),
    reveal: (nth: number) => go(list, nth, { isFocused: false }),
  };
}

/** A row that is there stays, with what is known of its stay now: somebody may be on it. */
function show(list: List, moves: Moves): void {
  const { frame, body, rows } = list;
  list.moves = moves;
  list.rowHeight = Number.parseFloat(getComputedStyle(frame).getPropertyValue('--row')) || 72;
  frame.setAttribute('aria-rowcount', String(moves.stays.length));
  body.style.height = `${moves.stays.length * list.rowHeight}px`;
  for (const [nth, row] of rows) fillRow(list, nth, row);
  paint(list);
}

/** Puts the rows that are seen into the page, and takes the others out. */
function paint(list: List): void {
  const { frame, rows, moves, rowHeight } = list;
  const end = moves.stays.length - 1;
  const first = Math.min(Math.floor(frame.scrollTop / rowHeight), end);
  const last = Math.min(Math.ceil((frame.scrollTop + frame.clientHeight) / rowHeight) - 1, end);
  const [from, to] = [Math.max(0, first - SPARE), Math.min(end, last + SPARE)];
  removeRows(list, from, to);
  for (let nth = from; nth <= to; nth += 1) if (!rows.has(nth)) makeRow(list, nth);
  for (const [nth, element] of rows) {
    element.setAttribute('aria-selected', String(moves.chosen.has(moves.stays[nth]?.key ?? '')));
    element.tabIndex = nth === list.active ? 0 : -1;
  }
  list.told.onSeen(first, last);
}

/** All but these, the one that Tab leads to, and the one that somebody is on. */
function removeRows({ rows, active }: List, from: number, to: number): void {
  for (const [nth, element] of rows) {
    const isSeen = nth >= from && nth <= to;
    if (isSeen || nth === active || element.contains(document.activeElement)) continue;
    element.remove();
    rows.delete(nth);
  }
}

function makeRow(list: List, nth: number): void {
  const row = h('div', { role: 'row', class: 'move', 'aria-rowindex': nth + 1, 'data-nth': nth });
  fillRow(list, nth, row);
  // In their order, for who has the page read out.
  const below = Math.min(...[...list.rows.keys()].filter((it) => it > nth));
  list.body.insertBefore(row, list.rows.get(below) ?? null);
  list.rows.set(nth, row);
}

function fillRow({ moves, rowHeight, told, nowMs }: List, nth: number, row: HTMLElement): void {
  const stay = moves.stays[nth];
  if (!stay) return;
  row.style.transform = `translateY(${nth * rowHeight}px)`;
  const life = moves.lives.get(stay.entry.digest ?? '');
  fillMove(row, stay, { life, link: told.linkOf(stay), nowMs });
}

function go(list: List, nth: number, { isFocused = true } = {}): void {
  const { frame, rows, moves, rowHeight } = list;
  list.active = Math.min(Math.max(nth, 0), moves.stays.length - 1);
  const top = list.active * rowHeight;
  if (top < frame.scrollTop) frame.scrollTop = top;
  else if (top + rowHeight > frame.scrollTop + frame.clientHeight)
    frame.scrollTop = top + rowHeight - frame.clientHeight;
  paint(list);
  if (isFocused) rows.get(list.active)?.focus({ preventScroll: true });
}

/** From where to where a key goes; a page leaves a row of the one before. */
const STEPS: Readonly<Record<string, (nth: number, page: number) => number>> = {
  ArrowDown: (nth) => nth + 1,
  ArrowUp: (nth) => nth - 1,
  PageDown: (nth, page) => nth + page,
  PageUp: (nth, page) => nth - page,
  Home: () => 0,
  End: () => Number.MAX_SAFE_INTEGER,
};

function onKey(list: List, event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { active, frame, rowHeight, told } = list;
  const step = STEPS[event.key];
  if (step) go(list, step(active, Math.max(1, Math.floor(frame.clientHeight / rowHeight) - 1)));
  else if (event.key === ' ') told.onPick(active);
  else if (event.key === 'Enter') told.onOpen(active);
  else return;
  event.preventDefault();
}

function onClick(list: List, target: EventTarget | null): void {
  if (!(target instanceof Element) || target.closest('a')) return;
  const nth = target.closest<HTMLElement>('[data-nth]')?.dataset.nth;
  if (nth === undefined) return;
  list.active = Number(nth);
  list.told.onPick(list.active);
}
