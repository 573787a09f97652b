import type { Said } from '../api.ts';
import { type Content, h } from '../dom.ts';
import { askLink } from './parts.ts';

/** While somebody waits: what is asked, and that it goes on. */
export function loadingView(words: string): readonly Content[] {
  const bars = [1, 2, 3].map((nth) => h('div', { class: `bone bone-${nth}` }));
  return [h('section', { class: 'answer loading', 'aria-busy': 'true' }, h('h1', {}, words), bars)];
}

/** Why there is no answer, and what to do. */
export function failureView(
  said: Exclude<Said<unknown>, { is: 'found' } | { is: 'ambiguous' }>,
  again: () => void,
): readonly Content[] {
  const title = {
    'not-found': 'Not found',
    usage: 'This cannot be asked',
    trouble: 'AWS could not be asked',
  }[said.is];
  return [
    h(
      'section',
      { class: `answer failure ${said.is}`, role: said.is === 'not-found' ? 'status' : 'alert' },
      h('h1', {}, title),
      h('p', {}, said.error),
      said.is === 'not-found' && said.hint && h('p', { class: 'quiet' }, said.hint),
      said.is === 'usage' &&
        said.readings &&
        h(
          'ul',
          {},
          said.readings.map((it) => h('li', { class: 'code' }, it)),
        ),
      said.is === 'not-found' &&
        h(
          'p',
          { class: 'quiet' },
          'What was pushed, scanned or started before the deployment is not on record, unless a backfill read it.',
        ),
      said.is === 'trouble' && h('button', { type: 'button', onclick: again }, 'Ask again'),
    ),
  ];
}

const EXAMPLES: readonly (readonly [string, string])[] = [
  ['demo-api:latest', 'which commit a tag is, and its time line'],
  ['demo-api:latest@{yesterday 03:10}', 'the same as of a time; ~1 for the image before'],
  ['sha256:1a3302ac', 'a digest, or the beginning of one'],
  ['0a1b2c3', 'the images of a commit'],
  ['prod/checkout', 'what an ECS service runs'],
  ['CVE-2026-1234', 'which images have a finding, and what runs them'],
];

/** Where no repository is known yet: that is how it begins, and no fault. */
export function emptyView({ error, hint }: { readonly error: string; readonly hint?: string }): Content {
  return h(
    'section',
    { class: 'answer welcome' },
    h('h1', {}, 'No repository yet'),
    h('p', { class: 'sentence' }, error, '.'),
    hint && h('p', { class: 'sentence quiet' }, hint, '.'),
    h(
      'p',
      { class: 'quiet' },
      h('code', {}, 'scan-response doctor'),
      ' says whether the deployment hears of pushes.',
    ),
  );
}

/** What the box takes. */
export function examples(): Content {
  const rows = EXAMPLES.map(([subject, words]) =>
    h('div', {}, h('dt', {}, askLink(subject, subject)), h('dd', {}, words)),
  );
  return h(
    'section',
    { class: 'help' },
    h('h2', {}, 'What the box takes'),
    h('dl', { class: 'examples' }, rows),
    h('p', { class: 'quiet' }, h('kbd', {}, '/'), ' goes to the box. Nothing here changes anything.'),
  );
}
