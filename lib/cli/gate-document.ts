import { aboutDoubt, explainDoubt } from '../gate/advice.ts';
import { raw, safeText } from '../image/untrusted.ts';
import type { Finding } from '../scan/finding.ts';
import { type Gated, reasonOf } from './gate-words.ts';

const SCHEMA = 'scan-response.gate/v1';

/** What a program reads: everything that the verdict rests on. */
export function gateDocument(gated: Gated): Readonly<Record<string, unknown>> {
  const { reference, registered, question, judgement, waitedSeconds } = gated;
  const { scan, verdict, counted, blocking, ignoredCount, doubts, platforms } = judgement;
  const { image, kind, tags, pushedAt } = registered;
  return {
    ...{ schema: SCHEMA, reference, verdict, reason: reasonOf(gated) },
    ...{ image, kind, tags, pushedAt, waitedSeconds },
    limits: question.limits,
    onlyFixable: question.onlyFixable,
    scan: scan
      ? {
          type: scan.type,
          completedAt: scan.completedAt ?? null,
          counts: scan.counts,
          fixable: scan.fixable ?? null,
        }
      : null,
    ...{ counted, platforms, ignoredCount },
    blocking: blocking.map(findingDocument),
    doubts: doubts.map((doubt) => ({ why: doubt.why, about: aboutDoubt(doubt), ...explainDoubt(doubt) })),
  };
}

/** The same where there is no such image. */
export function missingDocument(reference: string, reason: string): Readonly<Record<string, unknown>> {
  return { schema: SCHEMA, reference, verdict: 'unscanned', reason, error: reason };
}

function findingDocument({ id, severity, packages, score, fix, exploitKnown, platforms }: Finding) {
  return {
    id: safeText(id),
    severity,
    packages: packages.map(({ name, version, fixedIn }) => ({
      name: safeText(name),
      version: safeText(version),
      fixedIn: fixedIn && raw(fixedIn) !== '' ? safeText(fixedIn) : null,
    })),
    score: score ?? null,
    fix: fix ?? null,
    exploitKnown: exploitKnown ?? null,
    platforms,
  };
}
