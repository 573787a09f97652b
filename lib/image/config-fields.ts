import * as v from 'valibot';
import { written } from './annotations.ts';
import type { Digest } from './digest.ts';
import type { Evidence } from './evidence.ts';
import { FIELDS } from './field.ts';
import { lenient, lenientList, lenientTexts, readJson } from './lenient.ts';
import { type ImageParts, namedBlobs } from './parts.ts';

const MAX_CHARACTERS = 2 * 1024 * 1024;

const Config = v.object({
  config: lenient(v.object({ Labels: lenientTexts, Env: lenientList(v.string()) })),
});

/** Labels that hold a commit, and those beside them that hold its repository. */
const LABELS = [
  [FIELDS.revision, 'org.opencontainers.image.source'],
  ['org.label-schema.vcs-ref', 'org.label-schema.vcs-url'],
  ['git.commit.sha', 'git.repository_url'],
  ['vcs-ref', 'vcs-url'],
] as const;

/** CircleCI's names, with whatever in front of them. */
const CIRCLE = { commit: 'CIRCLE_SHA1', repository: 'CIRCLE_REPOSITORY_URL' } as const;

/**
 * The only keys of the environment that are read: the rest often holds secrets.
 * Sources: https://docs.datadoghq.com/integrations/guide/source-code-integration/, https://docs.sentry.io/cli/releases/
 */
const ENVIRONMENT = [
  ...['DD_GIT_COMMIT_SHA', 'SENTRY_RELEASE', 'GIT_COMMIT', 'GIT_SHA', 'COMMIT_SHA', 'SOURCE_COMMIT'],
  'BUILD_SHA',
] as const;

/** What the labels and the environment in an image's config say. Both come from the base image as well. */
export function configEvidence(parts: ImageParts, blobs: ReadonlyMap<Digest, string>): readonly Evidence[] {
  return configs(parts, blobs).flatMap(({ digest, config }) => [
    ...labelEvidence(digest, config.Labels),
    ...environmentEvidence(digest, config.Env),
  ]);
}

/** The base images that labels name. */
export function labelledBases(parts: ImageParts, blobs: ReadonlyMap<Digest, string>): readonly string[] {
  const label = 'org.opencontainers.image.base.digest';
  return configs(parts, blobs).flatMap(({ config }) => config.Labels.get(label) ?? []);
}

function configs(parts: ImageParts, blobs: ReadonlyMap<Digest, string>) {
  return namedBlobs(parts).flatMap(({ what, digest }) => {
    const config = what === 'config' && readJson(Config, blobs.get(digest) ?? '', MAX_CHARACTERS)?.config;
    return config ? [{ digest, config }] : [];
  });
}

function labelEvidence(document: Digest, labels: ReadonlyMap<string, string>): readonly Evidence[] {
  const circle = [...labels.keys()]
    .filter((key) => key === CIRCLE.commit || key.endsWith(`.${CIRCLE.commit}`))
    .map((key) => ({
      key,
      repository: `${key.slice(0, -CIRCLE.commit.length)}${CIRCLE.repository}`,
      field: `*.${CIRCLE.commit}`,
    }));
  const named = LABELS.map(([key, repository]) => ({ key, repository, field: key }));
  return [...named, ...circle].flatMap(({ key, repository, field }) => {
    const source = { from: 'label', document, field } as const;
    return written(labels.get(key), labels.get(repository), 'label', source);
  });
}

function environmentEvidence(document: Digest, environment: readonly string[]): readonly Evidence[] {
  const values = new Map(environment.map(toPair));
  const datadogTags = new Map((values.get('DD_TAGS') ?? '').split(/[\s,]+/).map((it) => cut(it, ':')));
  const fields = [
    ...ENVIRONMENT.map((field) => ({ field, text: values.get(field) })),
    { field: 'DD_TAGS git.commit.sha', text: datadogTags.get('git.commit.sha') },
  ];
  return fields.flatMap(({ field, text }) => {
    const repository = field.startsWith('DD_')
      ? (values.get('DD_GIT_REPOSITORY_URL') ?? datadogTags.get('git.repository_url'))
      : undefined;
    // Sentry's releases are often `<project>@<commit>`.
    const commit = field === 'SENTRY_RELEASE' ? text?.slice(text.lastIndexOf('@') + 1) : text;
    return written(commit, repository, 'label', { from: 'environment', document, field });
  });
}

function toPair(text: string): readonly [string, string] {
  return cut(text, '=');
}

function cut(text: string, at: string): readonly [string, string] {
  const index = text.indexOf(at);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
}
