import type { Digest } from '../image/digest.ts';
import { type Image, type Repository, repositoryKey, type Tag } from '../image/reference.ts';
import type { Instant } from '../instant.ts';

// Every part has been checked against its grammar before: none can hold a '#', so no part can forge a key.

/** Partition of one tag's history. */
export function tagPartition(repository: Repository, tag: Tag): string {
  return `TAG#${repositoryKey(repository)}#${tag}`;
}

/** Sort key of one tag event: history sorts by the event's own time, and a repeated event has the same key. */
export function tagEventKey(at: Instant, eventId: string): string {
  return `E#${at}#${eventId}`;
}

/** Sorts after every event of that instant ('~' is greater than any character of an event id). */
export function endOfInstant(at: Instant): string {
  return `E#${at}#~`;
}

/** Partition of what is known of one repository: tag heads, open findings per tracked reference. */
export function repositoryPartition(repository: Repository): string {
  return `REPO#${repositoryKey(repository)}`;
}

/** Partition of a manifest in the lineage; the same digest can be in many repositories. */
export function digestPartition(digest: Digest): string {
  return `IMG#${digest}`;
}

/** Key of what the lineage keeps of an image. */
export function imageKey({ repository, digest }: Image): { pk: string; sk: string } {
  return { pk: digestPartition(digest), sk: `AT#${repositoryKey(repository)}` };
}

/** Partition of one image in the ledger. */
export function imagePartition({ repository, digest }: Image): string {
  return `IMG#${repositoryKey(repository)}#${digest}`;
}

/** Where a repository name is found when a person gives no account and region. */
export function namePartition(name: string): string {
  return `NAME#${name}`;
}

/** Key there of a repository itself. */
export function nameKey({ account, region, name }: Repository): { pk: string; sk: string } {
  return { pk: namePartition(name), sk: `R#${account}#${region}` };
}

/** Key there of when a repository was verified: whoever finds it by its name has read that, too. */
export function verificationKey({ account, region, name }: Repository): { pk: string; sk: string } {
  return { pk: namePartition(name), sk: `RECON#${account}#${region}` };
}

/** Keys in `by-digest` under which all repositories are one range, by their keys. */
export function listedRepository(repository: Repository): { gsi1pk: string; gsi1sk: string } {
  return { gsi1pk: REPOSITORIES, gsi1sk: repositoryKey(repository) };
}

export const REPOSITORIES = 'REPOSITORIES';

/** Partition of a commit in the `by-commit` index: few items each, since it holds four of the hex characters. */
export function commitPartition(commit: string): string {
  return `C#${commit.slice(0, 4)}`;
}

/** Partition of images in the `by-digest` index: four hex characters, so that the beginning of a digest finds them. */
export function digestPrefixPartition(hex: string): string {
  return `D#${hex.slice(0, 4)}`;
}

/** Sort key there. Until release 0.1.0 each event of a tag had one too, with the tag and the time behind it. */
export function digestSortKey({ digest, repository }: Image): string {
  return `${digest.slice('sha256:'.length)}#${repositoryKey(repository)}`;
}
