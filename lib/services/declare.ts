import { ECRClient } from '@aws-sdk/client-ecr';
import { STSClient } from '@aws-sdk/client-sts';
import type { Environment } from '../config.ts';
import { parseDeclaration, type Typed } from '../declare/declaration.ts';
import { type Declared, type DeclarePorts, declare } from '../declare/declare.ts';
import type { Image } from '../image/reference.ts';
import type { Untrusted } from '../image/untrusted.ts';
import type { Instant } from '../instant.ts';
import { findImage } from '../registry/image.ts';
import { loadEvidence, saveEvidence } from '../store/evidence.ts';
import { loadImage } from '../store/image.ts';
import { inRegion, whoAmI } from './caller.ts';
import { on, table } from './connect.ts';

// The composition root of declarations, apart so that no look-up loads its clients.

/** Throws BadReference for what cannot be declared, before anybody is asked for anything. */
export function checkDeclaration(typed: Typed, at: Instant): void {
  parseDeclaration(typed, { at });
}

/** Declares in the caller's name; as `declare` does. */
export async function declareAs(
  image: Image,
  typed: Typed,
  at: Instant,
  env: Environment,
): Promise<Declared> {
  const ports = declarePorts(image.repository.region, env);
  const by = await ports.whoAmI();
  return declare(image, parseDeclaration(typed, { at, ...(by && { by }) }), ports);
}

/** What a declaration needs, with the caller's own credentials, and who the caller is. */
function declarePorts(
  region: string | undefined,
  env: Environment,
): DeclarePorts & { readonly whoAmI: () => Promise<Untrusted | undefined> } {
  const own = inRegion(region);
  const ecr = new ECRClient(own);
  const sts = new STSClient(own);
  const lineage = table(env, 'LINEAGE_TABLE', own);
  return {
    loadImage: on(lineage, loadImage),
    findImage: on(ecr, findImage),
    loadEvidence: on(lineage, loadEvidence),
    saveEvidence: on(lineage, saveEvidence),
    whoAmI: () => whoAmI(sts),
  };
}
