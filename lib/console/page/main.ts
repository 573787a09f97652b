import { ask, type Said } from './api.ts';
import type {
  CveDocument,
  DiffDocument,
  ImageDocument,
  RepositoriesDocument,
  WhoDocument,
} from './documents.ts';
import { type Content, fill, h } from './dom.ts';
import { overviewView } from './overview/view.ts';
import { commandFor, linkTo, type Route, readRoute } from './route.ts';
import { loadFirst } from './timeline/loading.ts';
import { timelineView } from './timeline/view.ts';
import { chooseView, commitView } from './views/choose.ts';
import { cveView } from './views/cve.ts';
import { diffView } from './views/diff.ts';
import { imageView } from './views/image.ts';
import { periodForm } from './views/period.ts';
import { serviceView } from './views/service.ts';
import { emptyView, examples, failureView, loadingView } from './views/state.ts';
import { wholeName } from './words.ts';

const page = {
  main: byId('main'),
  status: byId('status'),
  search: byId('search') as HTMLFormElement,
  subject: byId('subject') as HTMLInputElement,
  moment: byId('moment') as HTMLInputElement,
};

function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (!element) throw new Error(`no #${id} in the page`);
  return element;
}

let current = new AbortController();

/** Shows what the address says. What was asked for before is not waited for any more. */
async function show(): Promise<void> {
  current.abort();
  current = new AbortController();
  const { signal } = current;
  const route = readRoute(location.hash);
  setBox(route);
  try {
    const content = await viewOf(route, signal);
    signal.throwIfAborted();
    put(route, content);
    page.main.dataset.shown = linkTo(route);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function setBox(route: Route): void {
  const title = route.view === 'home' ? 'Repositories' : route.view;
  document.title = `${'subject' in route ? route.subject : 'id' in route ? route.id : title} · scan-response`;
  page.subject.value = route.view === 'ask' ? route.subject : route.view === 'cve' ? route.id : '';
  page.moment.value = (route.view === 'ask' && route.at) || '';
}

function put(route: Route, content: readonly Content[]): void {
  const same = h('p', { class: 'terminal' }, 'The same in a terminal: ', h('code', {}, commandFor(route)));
  fill(page.main, content, same);
  const title = page.main.querySelector('h1')?.textContent ?? '';
  fill(page.status, title);
  if (route.view !== 'home') page.main.focus({ preventScroll: true });
  if (route.view !== 'home') scrollTo({ top: 0 });
}

/** Waits a little with the word that it waits: most answers are there before anybody could read it. */
function loading(words: string, signal: AbortSignal): void {
  const timer = setTimeout(() => !signal.aborted && fill(page.main, loadingView(words)), 150);
  settled.push(() => clearTimeout(timer));
}
const settled: (() => void)[] = [];

async function viewOf(route: Route, signal: AbortSignal): Promise<readonly Content[]> {
  loading(route.view === 'home' ? 'Reading all repositories …' : 'Looking up …', signal);
  try {
    if (route.view === 'home') return await overview(route, signal);
    if (route.view === 'diff') return await diffAnswer(route, signal);
    if (route.view === 'cve') return await cveAnswer(route, signal);
    return await anyAnswer(route, signal);
  } finally {
    for (const done of settled.splice(0)) done();
  }
}

/** Without a question: all repositories, and what can be asked. */
async function overview(route: Route, signal: AbortSignal): Promise<readonly Content[]> {
  const said = await ask<RepositoriesDocument>('repositories', {}, signal);
  if (said.is === 'found') return [overviewView(said.document, signal), examples()];
  if (said.is === 'not-found') return [emptyView(said), examples()];
  return [otherwise(route, said), examples()];
}

async function diffAnswer(route: Extract<Route, { view: 'diff' }>, signal: AbortSignal) {
  const said = await ask<DiffDocument>('diff', { older: route.older, newer: route.newer }, signal);
  return said.is === 'found' ? diffView(said.document) : otherwise(route, said);
}

async function cveAnswer(route: Extract<Route, { view: 'cve' }>, signal: AbortSignal) {
  const said = await ask<CveDocument>('cve', { reference: route.id, from: route.from, to: route.to }, signal);
  return said.is === 'found' ? cveView(said.document, periodForm(route)) : otherwise(route, said);
}

async function anyAnswer(route: Extract<Route, { view: 'ask' }>, signal: AbortSignal) {
  const { subject: reference, at, as } = route;
  const said = await ask<WhoDocument>('who', { reference, at, as, findings: 'true' }, signal);
  if (said.is !== 'found') return otherwise(route, said);
  const { document: answer } = said;
  if (answer.schema === 'scan-response.cve/v1')
    return cveView(answer, periodForm({ view: 'cve', id: answer.id }));
  if (answer.schema === 'scan-response.service/v1') return serviceView(answer);
  if (answer.found === 'commit') return commitView(answer);
  return imageView(answer, await timelineOf(answer, signal));
}

/** The time line of the tag that was asked for; an image that was asked for by its digest has none. */
async function timelineOf({ repository, tag }: ImageDocument, signal: AbortSignal): Promise<Content> {
  if (!tag) return undefined;
  const said = await loadFirst(wholeName(repository, `:${tag}`), signal);
  if (said.is === 'found') return timelineView(said.document, signal);
  return h(
    'p',
    { class: 'note doubt' },
    'The time line could not be read: ',
    'error' in said ? said.error : said.is,
  );
}

function otherwise(route: Route, said: Exclude<Said<unknown>, { is: 'found' }>): readonly Content[] {
  return said.is === 'ambiguous' ? chooseView(route, said.document) : failureView(said, () => void show());
}

page.search.addEventListener('submit', (event) => {
  event.preventDefault();
  const [subject, at] = [page.subject.value.trim(), page.moment.value.trim()];
  if (!subject) return;
  const address = linkTo({ view: 'ask', subject, ...(at && { at }) });
  if (location.hash === address) void show();
  else location.hash = address;
});

addEventListener('keydown', (event) => {
  const isTyping = event.target instanceof HTMLInputElement;
  if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  page.subject.focus();
  page.subject.select();
});

addEventListener('hashchange', () => void show());
void show();
