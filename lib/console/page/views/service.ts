import type { ServedImage } from '../../../lookup/service.ts';
import type { ServiceDocument } from '../documents.ts';
import { type Content, h } from '../dom.ts';
import { age, time } from '../times.ts';
import { short, wholeName } from '../words.ts';
import { askLink, commit, facts, section, table, theirs } from './parts.ts';

/** What a service runs, or ran, and what it ran before. */
export function serviceView({ workload, at, ran, before, bounds }: ServiceDocument): readonly Content[] {
  const { cluster, name, account, region } = workload;
  const reach = bounds.isWhole ? 'all that ECS told of' : `the newest ${bounds.runsLookedAt} runs`;
  const earliest = bounds.earliest && [', nothing is known before ', time(bounds.earliest)];
  return [
    h(
      'section',
      { class: 'answer' },
      h('h1', {}, `${cluster}/${name}`),
      ran.length === 0 &&
        h('p', { class: 'headline doubtful' }, 'No task with an image of ECR is known to have run then.'),
      ran.map((it) =>
        h(
          'p',
          { class: 'headline' },
          commit(it.provenance),
          h('span', { class: 'quiet' }, `${it.name}, since ${age(it.startedAt)}`),
        ),
      ),
      facts({ 'Asked for': time(at), Where: `${account}/${region}`, History: [reach, earliest] }),
    ),
    ran.map((it) => section(`Container ${it.name}`, runFacts(it))),
    before.length > 0 &&
      section(
        'Before that',
        table('Before that', ['Commit', 'Image', 'From', 'Until', 'Deployment'], before.map(cells)),
      ),
  ];
}

function runFacts(run: ServedImage): HTMLElement {
  const { image, tags, startedAt, until, tasks, deployment, taskDefinition } = run;
  return facts({
    Image: imageLink(run),
    'Asked for as': h('code', {}, image),
    Tags: tags ? tags.join(', ') || 'none' : 'unknown: no push of this image has been recorded',
    Since: time(startedAt),
    Until: until && time(until),
    Tasks: tasks === 0 ? 'none runs now' : `${tasks} now`,
    By: `${deployment} (${taskDefinition})`,
    Rollout: rollout(run),
  });
}

function imageLink({ repository, digest }: ServedImage): Content {
  return digest
    ? askLink(wholeName(repository, `@${digest}`), short(digest))
    : 'digest unknown: ECS did not say what it pulled';
}

function rollout({ rollout: it }: ServedImage): Content {
  if (!it) return undefined;
  const failed = it.state === 'failed';
  return [
    h('span', { class: failed ? 'tier conflict' : 'tier verified' }, it.state),
    ' ',
    time(it.at),
    it.reason && ` ${theirs(it.reason)}`,
    it.rollsBackTo && h('p', { class: 'doubtful' }, `It goes back to ${it.rollsBackTo}.`),
  ];
}

function cells(run: ServedImage): readonly Content[] {
  const { startedAt, until, tasks, deployment, rollout: it } = run;
  const end = until ? time(until) : tasks > 0 ? 'still runs' : 'no end was told';
  return [
    commit(run.provenance),
    imageLink(run),
    time(startedAt),
    end,
    [deployment, it?.state === 'failed' && h('span', { class: 'tier conflict' }, 'failed')],
  ];
}
