import { parseCommit, type WrittenCommit } from '../commit.ts';
import type { Tier } from '../evidence.ts';
import { FIELDS } from '../field.ts';
import { parsePageUrl, parseRepoUrl, type RepoUrl } from '../repo-url.ts';
import type { Untrusted } from '../untrusted.ts';
import type { BuildFacts, Material } from './build-facts.ts';
import { readSlsaV1 } from './slsa-v1.ts';
import { readSlsaV02 } from './slsa-v02.ts';
import type { Statement } from './statement.ts';

/** One field of a provenance that names a commit. */
export interface Claim {
  readonly written: WrittenCommit;
  readonly tier: Tier;
  readonly field: string;
  readonly repo: RepoUrl | undefined;
  readonly buildUrl: Untrusted | undefined;
}

const SLSA = 'https://slsa.dev/provenance/';

/** Builders write commits out in full. */
const FULL_LENGTH = 40;

const BUILDKIT = [
  'https://mobyproject.org/buildkit@v1',
  'https://github.com/moby/buildkit/blob/master/docs/attestations/slsa-definitions.md',
];

/** True for the predicate types of provenance; one that is not said may be it. */
export function mayBeProvenance(predicateType: string | undefined): boolean {
  return predicateType === undefined || predicateType.startsWith(SLSA);
}

/** What a statement says of a build; undefined when it is no provenance that is known here. */
export function buildFacts({ predicateType, predicate }: Statement): BuildFacts | undefined {
  if (predicateType.startsWith(`${SLSA}v0.2`)) return readSlsaV02(predicate);
  return predicateType.startsWith(`${SLSA}v1`) ? readSlsaV1(predicate) : undefined;
}

/** Every commit that a provenance names, and how far each can be believed. */
export function claimsIn(facts: BuildFacts, isEnveloped: boolean): readonly Claim[] {
  const buildUrl = parsePageUrl(facts.invocationId) ?? parsePageUrl(facts.builderId) ?? workflowRun(facts);
  return [...contextClaims(facts, isEnveloped), ...hints(facts)].flatMap(({ text, ...rest }) => {
    const written = parseCommit(text);
    return written && written.commit.length >= FULL_LENGTH ? [{ written, buildUrl, ...rest }] : [];
  });
}

type Unread = Omit<Claim, 'written' | 'buildUrl'> & { readonly text: string | undefined };

/** What was built, by who built it: BuildKit has fetched that commit itself. */
function contextClaims(facts: BuildFacts, isEnveloped: boolean): readonly Unread[] {
  const { buildType, context, materials } = facts;
  const isBuildkit = BUILDKIT.includes(buildType);
  const unsigned = isBuildkit ? 'builder' : 'client-hint';
  const tier = isEnveloped ? 'signed-unverified' : unsigned;
  const same = materials.find(({ uri }) => uri !== undefined && uri === context?.uri);
  const own = gitDigest(context);
  const text = own ?? gitDigest(same);
  if (text === undefined) return workflowClaims(materials, tier);
  const field = own ? FIELDS.context : FIELDS.material;
  return [{ text, tier, field: isBuildkit ? field : FIELDS.workflow, repo: parseRepoUrl(context?.uri) }];
}

/** GitHub's attestations have no context: their first dependency is the workflow's repository. */
function workflowClaims(materials: readonly Material[], tier: Tier): readonly Unread[] {
  const workflow = materials.find(({ digest }) => digest.has('gitCommit'));
  if (!workflow) return [];
  const { uri, digest } = workflow;
  return [{ text: digest.get('gitCommit'), tier, field: FIELDS.workflow, repo: parseRepoUrl(uri) }];
}

/** What whoever ran the build says. https://docs.docker.com/build/metadata/attestations/slsa-provenance/ */
function hints({ vcs, github }: BuildFacts): readonly Unread[] {
  const tier = 'client-hint';
  const repo = parseRepoUrl(vcs?.source);
  const server = github?.github_server_url ?? 'https://github.com';
  const workflowRepo = github?.github_repository && parseRepoUrl(`${server}/${github.github_repository}`);
  const inWorkflow = { tier, repo: workflowRepo || undefined } as const;
  return [
    { text: vcs?.revision, tier, field: FIELDS.vcs, repo },
    { text: github?.github_workflow_sha, field: FIELDS.workflowSha, ...inWorkflow },
    { text: github?.github_event_payload?.after, field: FIELDS.eventAfter, ...inWorkflow },
  ];
}

/** A digest that is a commit's: images have only sha256, and so has what was fetched by http. */
function gitDigest(material: Material | undefined): string | undefined {
  if (!material || material.uri?.startsWith('pkg:')) return undefined;
  const { uri, digest } = material;
  const commit = digest.get('sha1') ?? digest.get('gitCommit');
  if (commit !== undefined || !isGitAddress(uri)) return commit;
  return digest.get('sha256');
}

function isGitAddress(uri: string | undefined): boolean {
  return uri !== undefined && /^(?:git@|git:|ssh:|git\+)|\.git(?:[#?]|$)/.test(uri);
}

function workflowRun({ github }: BuildFacts): Untrusted | undefined {
  const { github_server_url: server, github_repository: repository, github_run_id: run } = github ?? {};
  if (!server || !repository || !run) return undefined;
  return parsePageUrl(
    `${server}/${repository}/actions/runs/${run}/attempts/${github?.github_run_attempt ?? 1}`,
  );
}
