import type { Reading } from '../../lib/doctor/reading.ts';
import { parseInstant } from '../../lib/instant.ts';
import { ACTIONS } from '../../lib/troubleshoot/actions.ts';
import type { Direction } from '../../lib/troubleshoot/cause.ts';
import { diagnose } from '../../lib/troubleshoot/diagnose.ts';
import type { ConnectionFacts, Examination, Facts, Question } from '../../lib/troubleshoot/facts.ts';
import type { Finding } from '../../lib/troubleshoot/finding.ts';
import { aDigest, aRepository } from './lineage.ts';

const ROLE = 'arn:aws:iam::111122223333:role/ci';

export const CLOCK = { now: new Date('2026-11-20T12:00:00Z'), say: (it: string) => it };

export function found<T>(value: T): Reading<T> {
  return { state: 'found', value };
}

export const ABSENT = { state: 'absent' } as const;

/** A host that answers at a public address, unless it is said otherwise. */
export function aConnection(more: Partial<ConnectionFacts> = {}): ConnectionFacts {
  return { host: 'some.host', addresses: ['52.1.2.3'], isPrivate: false, ...more };
}

/** A push or a pull of `demo-api:v1` with which nothing is wrong, but for these facts. */
export function anExamination(
  direction: Direction,
  facts: Partial<Facts> = {},
  question: Partial<Question> = {},
): Examination {
  const rights = ACTIONS[direction].map((action) => ({ action, isAllowed: true, missing: [] }));
  const repository = aRepository();
  const { region, name } = repository;
  return {
    question: { direction, region, name, tag: 'v1', readsLayers: false, ...question },
    repository,
    facts: {
      caller: found({ account: '111122223333', arn: 'arn:aws:sts::111122223333:assumed-role/ci/me' }),
      token: found(parseInstant('2026-11-21T00:00:00Z')),
      login: found({ kind: 'token', endsAt: parseInstant('2026-11-21T00:00:00Z') }),
      ...{ api: aConnection(), dkr: aConnection(), s3: aConnection(), vpc: undefined },
      repository: found({ mutability: 'MUTABLE', exclusions: [] }),
      ...{ names: undefined, makers: undefined, policy: ABSENT, tokenRight: undefined, key: undefined },
      rights: found({ principal: ROLE, rights }),
      image: found({
        ...{ digest: aDigest('a'), status: 'ACTIVE', sizeBytes: 1e9 },
        pushedAt: parseInstant('2026-11-20T02:00:00Z'),
      }),
      ...{ tags: undefined, layers: undefined, past: undefined, disk: undefined },
      ...facts,
    },
  };
}

/** What is wrong with it, or could be: everything but `ok`, and but what was not asked for. */
export function wrongWith(...args: Parameters<typeof anExamination>): readonly Finding[] {
  return diagnose(anExamination(...args), [], CLOCK).filter(
    ({ cause, state }) => state !== 'ok' && (cause !== 'layers' || state !== 'unknown'),
  );
}
