import type { ReferenceState } from '../../../lookup/reference-state.ts';
import type { RepositoryState } from '../../../lookup/repository-state.ts';
import type { RunningImage } from '../../../lookup/running-state.ts';
import { NEWEST_PUSH } from '../../../policy/policy.ts';
import type { Counted } from '../../../policy/shown.ts';
import { type Content, h } from '../dom.ts';
import { age, lasting, time, zones } from '../times.ts';
import { askLink, commit, serviceLink } from '../views/parts.ts';
import { count, short, wholeName } from '../words.ts';
import { besideWords, referenceName, STANDING_WORDS } from './words.ts';

const SHOWN = 4;

/** One repository: what its references hold, what runs of it, and how far that is known. */
export function repositoryRow(it: RepositoryState): HTMLElement {
  const { repository, standing, references, running, isWhole } = it;
  const { name, account, region } = repository;
  return h(
    'li',
    { class: `repo ${standing}` },
    h(
      'div',
      { class: 'repo-name' },
      h('h2', {}, name),
      h('p', { class: 'repo-place' }, `${account}/${region}`),
      h('p', { class: 'standing' }, STANDING_WORDS[standing]),
    ),
    h(
      'div',
      { class: 'repo-state' },
      references.length === 0 &&
        h(
          'p',
          { class: 'doubtful' },
          'No scan of a tag that is followed is on record. This does not mean clean.',
        ),
      some(
        references.map((reference) => referenceLine(it, reference)),
        'refs',
        'reference',
      ),
      some(
        running.map((image) => runningLine(it, image)),
        'runs',
        'image that runs',
        'images that run',
      ),
      !isWhole && h('p', { class: 'doubtful' }, 'There is more than was read.'),
      foot(it),
    ),
  );
}

/** The first ones, and the rest behind a line that says how many. */
function some(lines: readonly HTMLElement[], style: string, one: string, several?: string): Content {
  if (lines.length === 0) return undefined;
  const rest = lines.slice(SHOWN);
  const more = rest.length > 0 && [
    h(
      'details',
      {},
      h('summary', {}, `${count(rest.length, `more ${one}`, several && `more ${several}`)}`),
      h('ul', { class: style }, rest),
    ),
  ];
  return [h('ul', { class: style }, lines.slice(0, SHOWN)), more];
}

function referenceLine({ repository }: RepositoryState, it: ReferenceState): HTMLElement {
  const { reference, digest, since, openSince, provenance } = it;
  const subject = wholeName(repository, reference === NEWEST_PUSH ? `@${digest}` : `:${reference}`);
  return h(
    'li',
    {},
    askLink(subject, referenceName(it), 'code ref-name'),
    h('span', { class: 'ref-found' }, foundMarks(it)),
    h(
      'span',
      { class: 'ref-commit' },
      provenance ? commit(provenance) : h('code', { class: 'quiet' }, short(digest)),
    ),
    h('span', { class: 'ref-since', title: zones(openSince ?? since) }, sinceWords(it)),
  );
}

function sinceWords({ reference, since, openSince }: ReferenceState): string {
  if (openSince) return `open for ${lasting(Date.parse(openSince), Date.now())}`;
  return `${reference === NEWEST_PUSH ? 'pushed' : 'moved'} ${age(since)}`;
}

/** What is open; what is not scanned is said before anything else, and never as a number of its own. */
function foundMarks(it: ReferenceState): Content {
  const { state, status, before } = it;
  if (state === 'scanned') return countMarks(it);
  const words = state === 'waiting' ? 'waits for its scan' : `not scanned${status ? `: ${status}` : ''}`;
  return [
    h('span', { class: `mark ${state}` }, words),
    before?.counts && h('span', { class: 'was' }, 'the image before: ', countMarks(before)),
  ];
}

function countMarks(it: Partial<Counted>): Content {
  const { counts } = it;
  if (!counts) return h('span', { class: 'doubtful' }, 'no counts on record');
  const marks = (['CRITICAL', 'HIGH'] as const).flatMap((severity) => {
    const word = severity.toLowerCase();
    return counts[severity] > 0 ? [h('span', { class: `mark ${word}` }, `${counts[severity]} ${word}`)] : [];
  });
  const beside = besideWords(it);
  if (marks.length === 0 && !beside) return h('span', { class: 'quiet' }, 'no findings');
  return [marks, beside && h('span', { class: 'quiet' }, beside)];
}

function runningLine({ repository }: RepositoryState, image: RunningImage): HTMLElement {
  const { digest, services, reference, counts } = image;
  const named = services.map((workload, nth) => [
    nth === 0 ? ' ' : ', ',
    serviceLink({ workload }),
    h('span', { class: 'quiet' }, ` ${count(workload.tasks, 'task')}`),
  ]);
  const what =
    reference === undefined
      ? ['Another image, ', askLink(wholeName(repository, `@${digest}`), short(digest)), ', runs in']
      : `${referenceName({ reference })} runs in`;
  const open = counts ? countMarks(image) : h('span', { class: 'mark not-scanned' }, 'no scan on record');
  return h('li', {}, h('span', {}, what, named), reference === undefined && open);
}

function foot({ lastPushAt, verification, history }: RepositoryState): HTMLElement {
  const checked = verification && [' not held against the registry since ', time(verification.verifiedAt)];
  return h(
    'p',
    { class: 'repo-foot' },
    lastPushAt && h('span', {}, 'last push ', time(lastPushAt)),
    history === 'verified'
      ? h('span', {}, 'verified ', verification && age(verification.verifiedAt))
      : h(
          'span',
          { class: 'doubtful' },
          'history incomplete:',
          checked ?? ' never held against the registry',
        ),
  );
}
