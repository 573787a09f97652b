import {
  compareRepositories,
  type RepositoryState,
  type Standing,
} from '../../../lookup/repository-state.ts';
import type { RepositoriesDocument } from '../documents.ts';
import { type Content, fill, h } from '../dom.ts';
import { count } from '../words.ts';
import { auditNote } from './audit.ts';
import { type Page, readOn } from './loading.ts';
import { repositoryRow } from './row.ts';
import { countStandings, isMatch, STANDING_WORDS } from './words.ts';

/** Rows that are drawn at first, and more with each click. */
const DRAWN = 200;

interface Overview {
  readonly all: Map<string, RepositoryState>;
  readonly rows: Map<string, HTMLElement>;
  readonly kinds: Map<Standing, HTMLElement>;
  readonly list: HTMLElement;
  readonly chips: HTMLElement;
  readonly told: HTMLElement;
  readonly doubt: HTMLElement;
  readonly filter: HTMLInputElement;
  /** Draws more rows; made when there are more. */
  more?: HTMLElement;
  only?: Standing | undefined;
  /** Rows that are drawn: many at once would make each change slow. */
  most: number;
  next?: string | undefined;
  trouble?: string | undefined;
  isReading: boolean;
  readonly signal: AbortSignal;
}

/** All repositories, the worst first; what is behind the first page is read while somebody looks at it. */
export function overviewView(document: RepositoriesDocument, signal: AbortSignal): readonly Content[] {
  const overview = empty(signal);
  const { filter, list, chips, told, doubt } = overview;
  filter.addEventListener('input', () => show(overview));
  add(overview, document);
  void readAll(overview);
  return [
    h(
      'section',
      { class: 'answer overview' },
      h(
        'div',
        { class: 'overview-head' },
        h('h1', {}, 'All repositories'),
        h('label', { class: 'overview-filter' }, h('span', { class: 'label' }, 'Only with'), filter),
      ),
      chips,
      doubt,
      auditNote(document.audit),
      list,
      told,
    ),
  ];
}

function empty(signal: AbortSignal): Overview {
  const placeholder = 'a name, tag, service or region';
  const input = { type: 'search', autocomplete: 'off', spellcheck: 'false', maxlength: 200, placeholder };
  return {
    ...{ all: new Map(), rows: new Map(), kinds: new Map() },
    list: h('ul', { class: 'repos', tabindex: -1, 'aria-label': 'Repositories, the worst first' }),
    chips: h('div', { class: 'chips', role: 'group', 'aria-label': 'Only those of one kind' }),
    told: h('div', { class: 'foot', role: 'status', tabindex: -1 }),
    doubt: h('div'),
    filter: h('input', { id: 'filter', ...input }),
    ...{ most: DRAWN, isReading: false, signal },
  };
}

function add(overview: Overview, { repositories, next }: Page): void {
  for (const it of repositories) {
    const { account, region, name } = it.repository;
    overview.all.set([account, region, name].join(' '), it);
    overview.rows.set([account, region, name].join(' '), repositoryRow(it));
  }
  overview.next = next;
  show(overview);
}

async function readAll(overview: Overview): Promise<void> {
  const { next, signal } = overview;
  overview.isReading = true;
  overview.trouble = undefined;
  show(overview);
  overview.trouble = await readOn(next, (page) => add(overview, page), signal);
  overview.isReading = false;
  if (!signal.aborted) show(overview);
}

function show(overview: Overview): void {
  const { all, rows, list, filter, only } = overview;
  const sorted = [...all].sort(([, a], [, b]) => compareRepositories(a, b));
  const text = filter.value.trim();
  const seen = sorted.filter(([, it]) => (!only || it.standing === only) && (!text || isMatch(it, text)));
  fill(
    list,
    seen.slice(0, overview.most).map(([key]) => rows.get(key)),
    seen.length > overview.most && h('li', { class: 'repo-more' }, moreButton(overview, seen.length)),
  );
  showChips(overview);
  showDoubt(overview);
  showTold(overview, seen.length);
}

function moreButton(overview: Overview, seen: number): HTMLElement {
  overview.more ??= h('button', { type: 'button', onclick: () => showMore(overview) });
  fill(overview.more, `Show ${Math.min(DRAWN, seen - overview.most)} more`);
  return overview.more;
}

/** Who goes on with the keyboard is at the first of them, and not where the button was. */
function showMore(overview: Overview): void {
  const shown = overview.most;
  overview.most += DRAWN;
  show(overview);
  overview.list.children[shown]?.querySelector('a')?.focus();
}

/** A button for each kind that there is; one that is there stays. */
function showChips(overview: Overview): void {
  const counts = countStandings(overview.all.values());
  const standings = (Object.keys(STANDING_WORDS) as Standing[]).filter((it) => (counts.get(it) ?? 0) > 0);
  const buttons = standings.map((standing) => {
    const button = overview.kinds.get(standing) ?? kindButton(overview, standing);
    const found = counts.get(standing) ?? 0;
    button.setAttribute('aria-pressed', String(overview.only === standing));
    fill(button, h('b', {}, found.toLocaleString('en')), ` ${STANDING_WORDS[standing]}`);
    return button;
  });
  fill(overview.chips, buttons);
}

function kindButton(overview: Overview, standing: Standing): HTMLElement {
  const onclick = () => {
    overview.only = overview.only === standing ? undefined : standing;
    show(overview);
  };
  const button = h('button', { type: 'button', class: `chip ${standing}`, onclick });
  overview.kinds.set(standing, button);
  return button;
}

function showDoubt({ all, doubt }: Overview): void {
  const open = [...all.values()].filter(({ history }) => history !== 'verified').length;
  const words = `History incomplete: ${count(open, 'repository was', 'repositories were')} not held against the registry in the last 45 minutes. A push that AWS never told of may be missing.`;
  fill(doubt, open > 0 && h('p', { class: 'note doubt' }, words));
}

function showTold(overview: Overview, seen: number): void {
  const { all, next, trouble, isReading } = overview;
  const shown = seen === all.size ? '' : `${seen.toLocaleString('en')} of `;
  const words = `${shown}${count(all.size, 'repository', 'repositories')}`;
  fill(
    overview.told,
    h('span', {}, next === undefined ? words : `${words} so far`),
    isReading && next !== undefined && h('span', {}, ', reading on …'),
    trouble && h('p', { class: 'note doubt' }, `The rest could not be read: ${trouble}`),
    next !== undefined &&
      !isReading &&
      h('button', { type: 'button', onclick: () => void readAll(overview) }, 'Read on'),
  );
}
