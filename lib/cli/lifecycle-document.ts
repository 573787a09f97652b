import type { Verdict } from '../lifecycle/evaluate.ts';
import type { Use } from '../lifecycle/use.ts';
import type { Output } from './command.ts';
import type { Previewed } from './lifecycle-report.ts';

export const SCHEMA = 'scan-response.lifecycle/v1';

/** What no preview can tell. */
export const NOT_INCLUDED = [
  'what Lambda, EKS or anything else than ECS runs',
  'what started before the deployment and has not changed since',
  'a service of which no task runs now, and a task of which ECS did not say what it pulled',
] as const;

/** What AWS does not document, and how it is evaluated: so that rather too much than too little is said to go. */
export const UNDOCUMENTED = [
  'images of the same time: each is taken for the older one',
  'what an index lists, signatures and SBOMs: rules take and count them as every image',
] as const;

/** The JSON of a preview. */
export function previewDocument(reference: string, previewed: Previewed): Output['document'] {
  const { repository, at, file, rules, preview, unknownUse } = previewed;
  const { verdicts, uses, losses, missing, unknownIndexes, before, after } = preview;
  const use = { isUseKnown: unknownUse === undefined, ...(unknownUse && { unknownUse }) };
  const digests = (of: readonly Verdict[]) => of.map(({ image }) => image.digest);
  return {
    ...{ schema: SCHEMA, reference, repository, at },
    policy: { from: file ?? 'repository', rules },
    bytes: { before, after },
    losses: {
      running: digests(losses.running),
      rollback: digests(losses.rollback),
      followed: digests(losses.followed),
      later: digests(losses.later),
    },
    missing,
    images: verdicts.map((it) => imageDocument(it, uses.get(it.image.digest) ?? [])),
    bounds: { ...use, unknownIndexes, notIncluded: NOT_INCLUDED, undocumented: UNDOCUMENTED },
  };
}

function imageDocument({ image, rule, isMarked, ...verdict }: Verdict, uses: readonly Use[]) {
  return { ...image, ...verdict, ...(rule && { rule: rule.priority, isMarked }), uses };
}
