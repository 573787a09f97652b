import { foundIn } from '../../doctor/reading.ts';
import { shortDigest } from '../../image/digest.ts';
import { safeText } from '../../image/untrusted.ts';
import type { Examination, PastFacts, Question, RepositoryFacts } from '../facts.ts';
import { type Finding, findings } from '../finding.ts';
import { near } from '../near.ts';
import { registryHost } from '../place.ts';
import type { Clock } from './clock.ts';
import { makerOf } from './repository.ts';

/** What is pulled is there; when it is not, since when, and what is like it. */
export function checkTagMissing(examination: Examination, clock: Clock): readonly Finding[] {
  const { question, facts } = examination;
  const on = findings('tag-missing');
  if (question.direction !== 'pull' || facts.repository.state === 'absent') return [];
  const { image } = facts;
  if (image.state === 'found') {
    const { digest, pushedAt } = image.value;
    return [on.ok(`${named(question)} is ${shortDigest(digest)}, pushed ${clock.say(pushedAt)}`)];
  }
  if (image.state !== 'absent') return [on.unread(image)];
  const rule = makerOf(question.name, foundIn(facts.makers) ?? []);
  if (rule !== undefined)
    return [on.ok(`${named(question)} is not here yet: the pull-through cache rule ${rule} fetches it`)];
  return isListed(examination) ? [] : [missing(examination, clock)];
}

/** It is listed, and ECR does not describe it: what an archived image may look like. */
function isListed({ question, facts }: Examination): boolean {
  return !question.digest && (foundIn(facts.tags) ?? []).includes(question.tag);
}

function missing({ question, repository, facts }: Examination, clock: Clock): Finding {
  const { name, tag, digest } = question;
  const meant = digest ? [] : near(tag, foundIn(facts.tags) ?? []);
  const past = digest ? undefined : foundIn(facts.past);
  const uri = `${repository ? `${registryHost(repository)}/` : ''}${name}:${tag}`;
  const push = `docker tag IMAGE ${uri} && docker push ${uri}`;
  return findings('tag-missing').fault(
    [
      `${named(question)} is not there.`,
      ...(past ? [pastWords(past, clock)] : []),
      ...(meant.length > 0 ? [`There is ${meant.join(', ')}.`] : []),
    ].join(' '),
    past?.was ? `scan-response who ${name}:${tag}~1 says which commit it was; ${push}` : push,
  );
}

/** Whether a push may put the tag where it is. */
export function checkTagTaken({ question, repository, facts }: Examination): readonly Finding[] {
  const on = findings('tag-taken');
  if (question.direction !== 'push' || facts.repository.state === 'absent') return [];
  if (facts.repository.state !== 'found' || !repository)
    return [
      facts.repository.state === 'found'
        ? on.unknown('the repository is not known')
        : on.unread(facts.repository),
    ];
  if (!isImmutable(question.tag, facts.repository.value))
    return [on.ok(`the tag ${question.tag} may be moved`)];
  if (facts.image.state === 'absent') return [on.ok(`the tag ${question.tag} is free`)];
  if (facts.image.state !== 'found') return [on.unread(facts.image)];
  const { digest } = facts.image.value;
  const uri = `${registryHost(repository)}/${question.name}`;
  return [
    on.fault(
      `The tag ${question.tag} is taken by ${shortDigest(digest)} and cannot be moved (${facts.repository.value.mutability}).`,
      `push another tag: docker push ${uri}:$(git rev-parse HEAD); or except this one: aws ecr put-image-tag-mutability --repository-name ${question.name} --region ${question.region} --image-tag-mutability IMMUTABLE_WITH_EXCLUSION --image-tag-mutability-exclusion-filters filterType=WILDCARD,filter=${question.tag}`,
    ),
  ];
}

export function checkArchived(examination: Examination): readonly Finding[] {
  const { question } = examination;
  const on = findings('archived');
  const { image } = examination.facts;
  if (question.direction !== 'pull') return [];
  if (image.state === 'absent' && isListed(examination))
    return [archived(question, `imageTag=${question.tag}`)];
  if (image.state !== 'found') return [];
  const { status, digest } = image.value;
  if (status === 'ARCHIVED') return [archived(question, `imageDigest=${digest}`)];
  if (status === 'ACTIVATING')
    return [
      on.fault(
        `${named(question)} is being restored from the archive.`,
        `wait until it is ACTIVE: aws ecr describe-images --repository-name ${question.name} --image-ids imageDigest=${digest} --region ${question.region}`,
      ),
    ];
  return [on.ok('it is not archived')];
}

function archived(question: Question, id: string): Finding {
  return findings('archived').fault(
    `${named(question)} is archived: it is listed and cannot be pulled.`,
    `aws ecr update-image-storage-class --repository-name ${question.name} --image-id ${id} --target-storage-class STANDARD --region ${question.region}`,
  );
}

/** What only the manifest tells; it was read when the caller said so. */
export function checkLayers({ question, facts: { layers, image } }: Examination): readonly Finding[] {
  const on = findings('layers');
  if (question.direction !== 'pull' || image.state !== 'found' || image.value.status === 'ARCHIVED')
    return [];
  if (!layers)
    return [
      on.unknown(
        'reading the manifest counts as a pull',
        'Add --layers to look whether every layer is there.',
      ),
    ];
  if (layers.state === 'absent')
    return [on.fault(`The manifest of ${named(question)} is not there.`, rebuild(question))];
  if (layers.state !== 'found') return [on.unread(layers)];
  const { missing, named: count } = layers.value;
  if (missing.length === 0) return [on.ok(`all ${count} that the manifest names are there`)];
  return [
    on.fault(
      `${missing.length} of ${count} that the manifest of ${named(question)} names are not there: ${missing.slice(0, 3).join(', ')}${missing.length > 3 ? ', …' : ''}.`,
      rebuild(question),
    ),
  ];
}

/** Whether an index lists the platform that is asked for. */
export function checkPlatform({ question, facts: { layers } }: Examination): readonly Finding[] {
  const on = findings('platform');
  const listed = foundIn(layers)?.platforms;
  if (!listed) return [];
  const { platform } = question;
  if (platform === undefined || listed.includes(platform)) return [on.ok(`it is for ${listed.join(', ')}`)];
  return [
    on.fault(
      `${named(question)} is not for ${platform}, but for ${listed.join(', ')}.`,
      `docker buildx build --platform ${[...listed, platform].join(',')} --push --tag ${question.name}:${question.tag} .`,
    ),
  ];
}

function named({ name, tag, digest }: Question): string {
  return digest ? `${name}@${shortDigest(digest)}` : `${name}:${tag}`;
}

function rebuild({ name, tag, digest, region }: Question): string {
  const id = digest ? `imageDigest=${digest}` : `imageTag=${tag}`;
  return `aws ecr batch-delete-image --repository-name ${name} --image-ids ${id} --region ${region}, then build and push again`;
}

/** Exclusions of an immutable repository may be moved, those of a mutable one may not. */
function isImmutable(tag: string, { mutability, exclusions }: RepositoryFacts): boolean {
  const isExcluded = exclusions.some((it) => matchesWildcard(it, tag));
  return mutability.startsWith('IMMUTABLE')
    ? !isExcluded
    : mutability === 'MUTABLE_WITH_EXCLUSION' && isExcluded;
}

/** `*` is any text; the parts between have to stand in this order. */
function matchesWildcard(filter: string, tag: string): boolean {
  const [first = '', ...rest] = filter.split('*');
  if (rest.length === 0) return filter === tag;
  const last = rest.at(-1) ?? '';
  if (!tag.startsWith(first) || !tag.endsWith(last) || tag.length < first.length + last.length) return false;
  let from = first.length;
  return rest.slice(0, -1).every((part) => {
    const at = tag.indexOf(part, from);
    from = at + part.length;
    return at >= 0 && from <= tag.length - last.length;
  });
}

function pastWords({ deletedAt, deletedBy, was }: PastFacts, { say }: Clock): string {
  if (!deletedAt)
    return was ? `The lineage saw it last as ${shortDigest(was)}.` : 'No push of it is on record.';
  const by = deletedBy ? ` by ${safeText(deletedBy, 100)}` : '';
  return `It was deleted at ${say(deletedAt)}${by}${was ? `; before, it was ${shortDigest(was)}` : ''}.`;
}
