import type { Tag } from '../image/reference.ts';
import type { Subject } from './notice.ts';
import type { OpenFindings } from './open-findings.ts';
import { NEWEST_PUSH, type Policy, trackedReferences } from './policy.ts';

/** A tracked reference of a subject, and what was open on it when it was last looked at. */
export interface Baseline {
  readonly reference: string;
  /** Absent when this reference has never been looked at. */
  readonly open?: OpenFindings | undefined;
  /** True when people may have heard of open findings that no baseline knows of. */
  readonly isTelling?: boolean;
}

export interface Baselines {
  /** The references that this subject stands for now; empty for an image that something newer replaced. */
  readonly tracked: readonly Baseline[];
  /** The references whose baseline this subject becomes. */
  readonly toSave: readonly string[];
}

/** The references to look up before deciding; the newest push is among them, to know whether this is it. */
export function referencesToLoad(tags: readonly Tag[], policy: Policy): readonly string[] {
  return [...new Set([...trackedReferences(tags, policy), NEWEST_PUSH])];
}

/** Sorts out for which references the subject speaks. */
export function baselinesOf(subject: Subject, loaded: readonly Baseline[], policy: Policy): Baselines {
  const newest = loaded.find(({ reference }) => reference === NEWEST_PUSH)?.open;
  const { pushedAt, image } = subject;
  const isNewest = !newest || !isPushedBefore({ pushedAt, digest: image.digest }, newest);
  const references = trackedReferences(subject.tags, policy).filter((it) => it !== NEWEST_PUSH || isNewest);
  return {
    tracked: loaded.filter(({ reference }) => references.includes(reference)),
    toSave: [...new Set([...references, ...(isNewest ? [NEWEST_PUSH] : [])])],
  };
}

/** Of two images pushed in the same instant one has to be the newer, whichever is scanned first. */
export function isPushedBefore(one: Pushed, other: Pushed): boolean {
  return one.pushedAt === other.pushedAt ? one.digest < other.digest : one.pushedAt < other.pushedAt;
}

type Pushed = Pick<OpenFindings, 'digest' | 'pushedAt'>;
