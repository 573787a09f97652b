import { homedir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ECRClient } from '@aws-sdk/client-ecr';
import { IAMClient } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import * as config from '../config.ts';
import { readRights } from '../deployment/rights.ts';
import { reading } from '../doctor/reading.ts';
import type { LookupPorts } from '../lookup/ports.ts';
import { connect } from '../machine/connect.ts';
import { readDisk } from '../machine/disk.ts';
import { readLogin } from '../machine/docker-login.ts';
import { readLayers } from '../registry/layers.ts';
import {
  listNames,
  listTags,
  readImage,
  readMakers,
  readPolicy,
  readRepository,
  readToken,
} from '../registry/repository.ts';
import type { TroublePorts } from '../troubleshoot/facts.ts';
import { recall } from '../troubleshoot/recall.ts';
import { readKey } from '../vpc/read-key.ts';
import { readVpc } from '../vpc/read-vpc.ts';
import { inRegion } from './caller.ts';

// The composition root of what looks into a push or a pull, apart so that nobody else loads its clients. Without
// connect.ts, which brings DynamoDB's: the lineage is asked through the look-up's own bundle.

/** A person waits, and what does not answer is what is looked for. */
const BRISK = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 2000, requestTimeout: 5000, throwOnRequestTimeout: true },
};
const CONNECT_MS = 3000;

/** Where docker keeps images: the engine's data, or containerd's. https://docs.docker.com/engine/daemon/ */
const IMAGE_FOLDERS = ['/var/lib/docker', '/var/lib/containerd'];

/** The region that the caller's clients would use. Throws the SDK's error when there is none. */
export async function askRegion(): Promise<string> {
  return new STSClient(BRISK).config.region();
}

/** What a push or a pull is looked into with: the caller's own credentials, and this machine. */
export function troublePorts(
  region: string,
  lookup: () => Promise<LookupPorts>,
  env: config.Environment,
): TroublePorts {
  const own = inRegion(region, BRISK);
  const sts = new STSClient(own);
  const ecr = new ECRClient(own);
  const iam = new IAMClient(own);
  const signed = (name: 'ec2' | 'kms') => ({ name, region, endpoint: config.awsEndpoint(env, name, region) });
  const standIn = config.networkUrl(env);
  return {
    readCaller: () =>
      reading('sts:GetCallerIdentity', async () => {
        const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}));
        return Account && Arn ? { account: Account, arn: Arn } : undefined;
      }),
    readToken: () => readToken(ecr),
    readLogin: (host) => readLogin(join(config.dockerFolder(env, homedir()), 'config.json'), host),
    async connect(host) {
      const found = await connect(host, { timeoutMs: CONNECT_MS }, standIn);
      return config.hasHttpsProxy(env) ? { ...found, isProxied: true } : found;
    },
    readRepository: (repository) => readRepository(ecr, repository),
    listNames: (account) => listNames(ecr, account),
    readMakers: (direction) => readMakers(ecr, direction),
    readPolicy: (repository) => readPolicy(ecr, repository),
    readRights: (principal, actions, resource) => readRights(iam, principal, actions, resource),
    readKey: (key) => readKey(sts, signed('kms'), key),
    readImage: (repository, reference) => readImage(ecr, repository, reference),
    listTags: (repository) => listTags(ecr, repository),
    readLayers: (repository, digest) => readLayers(ecr, repository, digest),
    readVpc: (vpc) => readVpc(sts, signed('ec2'), vpc),
    readDisk: () => readDisk(IMAGE_FOLDERS),
    recall: (repository, tag) =>
      reading('dynamodb:Query', async () => recall(await lookup(), repository, tag)),
  };
}

/** What is typed or piped into the command. */
export function readInput(): Promise<string> {
  return text(process.stdin);
}
