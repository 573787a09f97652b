import type { Digest } from '../../lib/image/digest.ts';
import type { Repository } from '../../lib/image/reference.ts';
import type { Instant } from '../../lib/instant.ts';
import { nextBaseline } from '../../lib/policy/next-baseline.ts';
import { viewOf } from '../../lib/policy/view.ts';
import type { Finding } from '../../lib/scan/finding.ts';
import { loadOpenFindings, saveOpenFindings, saveUnscanned } from '../../lib/store/open-findings.ts';
import { aRepository } from '../build/lineage.ts';
import { aSubject } from '../build/notice.ts';
import { aScan } from '../build/scan.ts';
import type { Tables } from './dynamodb.ts';

const POLICY = { trackedTags: ['latest', '*-latest', 'main'], notifyAt: 'CRITICAL' } as const;

/** Writes what an answer to a scan leaves of the references that are followed. */
export function looker({ ledger }: Pick<Tables, 'ledger'>, repository: Repository = aRepository()) {
  const baselineOf = async (reference: string) => {
    const open = await loadOpenFindings(ledger, repository, reference);
    return { reference, ...(open && { open }) };
  };
  return {
    /** Its image was scanned, and this found; of the newest push with a tag beside it, `isAside`. */
    async look(
      reference: string,
      digest: Digest,
      readAt: Instant,
      findings: readonly Finding[],
      {
        pushedAt = readAt,
        isAside = false,
      }: { readonly pushedAt?: Instant; readonly isAside?: boolean } = {},
    ): Promise<void> {
      const scan = aScan({ findings, completedAt: readAt, platforms: [{ digest, state: 'scanned' }] });
      const view = viewOf(scan, POLICY);
      if (!view) throw new Error('such a scan leaves nothing');
      const baseline = await baselineOf(reference);
      const subject = aSubject({ image: { repository, digest }, pushedAt });
      const tracked = isAside ? [] : [baseline];
      const decision = { kind: 'silence', reason: 'unchanged' } as const;
      const next = nextBaseline(baseline, { ...view, subject, tracked, decision, readAt }, POLICY);
      await saveOpenFindings(ledger, repository, next);
    },
    async unscanned(
      reference: string,
      digest: Digest,
      readAt: Instant,
      { status = 'UNSUPPORTED_IMAGE', pushedAt = readAt } = {},
    ): Promise<void> {
      await saveUnscanned(ledger, repository, reference, { digest, pushedAt, readAt, status });
    },
  };
}
