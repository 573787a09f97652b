import { text } from 'node:stream/consumers';
import { ECRClient } from '@aws-sdk/client-ecr';
import * as config from '../config.ts';
import { BadReference } from '../errors.ts';
import type { Reference } from '../image/reference.ts';
import { toInstant } from '../instant.ts';
import type { AppliedPolicy, PolicyDocument } from '../policy/document.ts';
import { policyFor } from '../policy/effective.ts';
import { type Resolved, resolveReference } from '../registry/reference.ts';
import type { ReadingPorts } from '../respond.ts';
import { loadPolicy } from '../store/policy.ts';
import { inRegion } from './caller.ts';
import { now, table } from './connect.ts';
import { readingPorts } from './reading.ts';

// The composition root of previews: with the caller's own credentials, and nothing in it writes to AWS.

/** The caller is farther from the tables than a function is, and the message is not to have less in it for that. */
const FAR_AWAY = 6;

interface PreviewPorts {
  readonly resolve: (reference: Reference) => Promise<Resolved>;
  readonly loadPolicy: () => Promise<AppliedPolicy | undefined>;
  /** What an answer reads under a policy; without one, under the caller's settings. */
  readonly reading: (document: PolicyDocument | undefined) => ReadingPorts;
}

export function previewPorts(region: string | undefined, env: config.Environment): PreviewPorts {
  const own = inRegion(region);
  const ecr = new ECRClient(own);
  const lineage = table(env, 'LINEAGE_TABLE', own);
  const ledger = table(env, 'LEDGER_TABLE', own);
  const defaults = config.policyOf(env);
  return {
    resolve: (reference) => resolveReference(ecr, reference),
    loadPolicy: () => loadPolicy(ledger),
    reading: (document) =>
      readingPorts({
        ...{ env, lineage, ledger, ecrOf: () => ecr, patience: FAR_AWAY },
        policyOf: async ({ name }) => policyFor(name, document, defaults, toInstant(now())),
      }),
  };
}

/** What is piped in. Throws BadReference where a person would have to type it. */
export async function readInput(): Promise<string> {
  if (process.stdin.isTTY) throw new BadReference('nothing is piped in: name a file, or an image');
  return text(process.stdin);
}
