import type { Digest } from '../digest.ts';
import type { Evidence } from '../evidence.ts';
import { type ImageParts, namedBlobs } from '../parts.ts';
import { formatRepoUrl, type RepoUrl } from '../repo-url.ts';
import { untrusted } from '../untrusted.ts';
import type { BuildFacts } from './build-facts.ts';
import { buildFacts, type Claim, claimsIn } from './claim.ts';
import { readStatement } from './statement.ts';

/** What the provenances of an image say about its commit. */
export function attestedEvidence(parts: ImageParts, blobs: ReadonlyMap<Digest, string>): readonly Evidence[] {
  return provenances(parts, blobs).flatMap(({ digest, facts, isEnveloped, isAbout }) =>
    claimsIn(facts, isEnveloped).map((claim) => toEvidence(claim, digest, isEnveloped, isAbout)),
  );
}

/** The images that went into the build, by digest. */
export function attestedBases(parts: ImageParts, blobs: ReadonlyMap<Digest, string>): readonly string[] {
  return provenances(parts, blobs)
    .flatMap(({ facts }) => facts.materials)
    .flatMap(({ uri, digest }) => (uri?.startsWith('pkg:docker/') ? `sha256:${digest.get('sha256')}` : []));
}

interface Provenance {
  readonly digest: Digest;
  readonly facts: BuildFacts;
  readonly isEnveloped: boolean;
  /** It is about this image, and not about another that it was attached to. */
  readonly isAbout: boolean;
}

function provenances(parts: ImageParts, blobs: ReadonlyMap<Digest, string>): readonly Provenance[] {
  const hashes: ReadonlySet<string> = new Set([...parts.subjects].map((it) => it.slice('sha256:'.length)));
  const digests = new Set(namedBlobs(parts).flatMap(({ what, digest }) => (what === 'config' ? [] : digest)));
  return [...digests].flatMap((digest) => {
    const statement = readStatement(blobs.get(digest) ?? '');
    const facts = statement && buildFacts(statement);
    if (!facts) return [];
    const isAbout = statement.subjects.some((it) => hashes.has(it));
    return [{ digest, facts, isEnveloped: statement.isEnveloped, isAbout }];
  });
}

function toEvidence(claim: Claim, document: Digest, isEnveloped: boolean, isAbout: boolean): Evidence {
  const { written, tier, field, repo, buildUrl } = claim;
  return {
    ...written,
    tier,
    source: { from: isEnveloped ? 'bundle' : 'provenance', document, field },
    ...repoFields(repo, written.commit),
    ...(buildUrl && { buildUrl }),
    ...(!isAbout && { doubt: 'another-subject' }),
  };
}

/** The repository and what of it was built, as evidence keeps them. */
export function repoFields(
  repo: RepoUrl | undefined,
  commit: string,
): Pick<Evidence, 'repoUrl' | 'ref' | 'directory'> {
  if (!repo) return {};
  const { ref, directory } = repo;
  return {
    repoUrl: formatRepoUrl(repo),
    ...(ref && ref !== commit && { ref: untrusted(ref) }),
    ...(directory && { directory: untrusted(directory) }),
  };
}
