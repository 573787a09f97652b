import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECRClient } from '@aws-sdk/client-ecr';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as config from '../config.ts';
import { parseDeclaration, type Typed } from '../declare/declaration.ts';
import { type Declared, type DeclarePorts, declare } from '../declare/declare.ts';
import { actorOfCaller } from '../image/actor.ts';
import type { Image } from '../image/reference.ts';
import type { Untrusted } from '../image/untrusted.ts';
import type { Instant } from '../instant.ts';
import { findImage } from '../registry/image.ts';
import { loadEvidence, saveEvidence } from '../store/evidence.ts';
import { loadImage } from '../store/image.ts';

// The composition root of declarations, apart so that no look-up loads its clients.

/** A build waits for the answer. */
const CALM = {
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 2000, requestTimeout: 10_000, throwOnRequestTimeout: true },
};

/** Throws BadReference for what cannot be declared, before anybody is asked for anything. */
export function checkDeclaration(typed: Typed, at: Instant): void {
  parseDeclaration(typed, { at });
}

/** Declares in the caller's name; as `declare` does. */
export async function declareAs(
  image: Image,
  typed: Typed,
  at: Instant,
  env: config.Environment,
): Promise<Declared> {
  const ports = declarePorts(image.repository.region, env);
  const by = await ports.whoAmI();
  return declare(image, parseDeclaration(typed, { at, ...(by && { by }) }), ports);
}

/** What a declaration needs, with the caller's own credentials, and who the caller is. */
function declarePorts(
  region: string | undefined,
  env: config.Environment,
): DeclarePorts & { readonly whoAmI: () => Promise<Untrusted | undefined> } {
  const place = { ...CALM, ...(region !== undefined && { region }) };
  const ecr = new ECRClient(place);
  const sts = new STSClient(place);
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(place), {
    marshallOptions: { removeUndefinedValues: true },
  });
  const table = { client, name: config.required(env, 'LINEAGE_TABLE') };
  return {
    loadImage: (image) => loadImage(table, image),
    findImage: (image) => findImage(ecr, image),
    loadEvidence: (image) => loadEvidence(table, image),
    saveEvidence: (known, evidence, unread) => saveEvidence(table, known, evidence, unread),
    async whoAmI() {
      const { Arn = '', Account } = await sts.send(new GetCallerIdentityCommand({}));
      return actorOfCaller(Arn, Account);
    },
  };
}
