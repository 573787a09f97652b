import { foundIn, type Reading } from '../doctor/reading.ts';
import type { Repository } from '../image/reference.ts';
import { repositoryArn } from '../image/repository-arn.ts';
import { ACTIONS, TOKEN_ACTION } from './actions.ts';
import { isLoggedOut } from './checks/login.ts';
import type { Examination, Facts, Question, TroublePorts } from './facts.ts';
import { apiHost, layerHost, registryHost } from './place.ts';

const NOT_ASKED = { state: 'failed', name: 'not asked', message: 'who asks comes first' } as const;

/** Asks everything that the question needs: what needs no answer first, all at once. */
export async function gather(question: Question, ports: TroublePorts): Promise<Examination> {
  const caller = await ports.readCaller();
  const account = question.account ?? foundIn(caller)?.account;
  const repository = account ? { account, region: question.region, name: question.name } : undefined;
  const isAsked = repository !== undefined && !isLoggedOut(caller);
  const [here, registry] = await Promise.all([
    askHere(question, repository, ports),
    isAsked ? askRegistry(question, repository, foundIn(caller)?.arn, ports) : unasked(),
  ]);
  return { question, repository, facts: { caller, ...here, ...registry } };
}

type Here = Pick<Facts, 'login' | 'api' | 'dkr' | 's3' | 'disk'>;

/** What is on this machine, and what can be reached from it. */
async function askHere(
  { direction, region, role, vpc }: Question,
  repository: Repository | undefined,
  ports: TroublePorts,
): Promise<Here> {
  const isHere = vpc === undefined;
  const [login, api, dkr, s3, disk] = await Promise.all([
    isHere && role === undefined && repository ? ports.readLogin(registryHost(repository)) : undefined,
    isHere ? ports.connect(apiHost(region)) : undefined,
    isHere && repository ? ports.connect(registryHost(repository)) : undefined,
    isHere && direction === 'pull' ? ports.connect(layerHost(region)) : undefined,
    isHere && role === undefined && direction === 'pull' ? ports.readDisk() : undefined,
  ]);
  return { login, api, dkr, s3, disk };
}

type Registry = Omit<Facts, keyof Here | 'caller'>;

async function askRegistry(
  question: Question,
  repository: Repository,
  caller: string | undefined,
  ports: TroublePorts,
): Promise<Registry> {
  const { direction, role, vpc, tag, digest } = question;
  const principal = role ?? caller;
  const rights = (actions: readonly string[], resource: string) =>
    principal === undefined ? Promise.resolve(NOT_ASKED) : ports.readRights(principal, actions, resource);
  const [token, found, policy, may, tokenRight, image, inVpc] = await Promise.all([
    ports.readToken(),
    ports.readRepository(repository),
    ports.readPolicy(repository),
    rights(ACTIONS[direction], repositoryArn(repository)),
    role === undefined ? undefined : rights([TOKEN_ACTION], '*'),
    ports.readImage(repository, { tag, digest }),
    vpc === undefined ? undefined : ports.readVpc(vpc),
  ]);
  const asked = { token, repository: found, policy, rights: may, tokenRight, image, vpc: inVpc };
  return { ...asked, ...(await askNext(question, repository, asked, ports)) };
}

type Next = Pick<Facts, 'names' | 'makers' | 'key' | 'tags' | 'layers' | 'past'>;

/** What only an answer makes worth asking. */
async function askNext(
  { direction, tag, readsLayers }: Question,
  repository: Repository,
  { repository: found, image }: Pick<Facts, 'repository' | 'image'>,
  ports: TroublePorts,
): Promise<Next> {
  const isGone = found.state === 'absent';
  const isTagGone = direction === 'pull' && !isGone && image.state === 'absent';
  const digest = foundIn(image)?.digest;
  const key = foundIn(found)?.key;
  const [names, makers, state, tags, layers, past] = await Promise.all([
    isGone ? ports.listNames(repository.account) : undefined,
    isGone || isTagGone ? ports.readMakers(direction) : undefined,
    key === undefined ? undefined : ports.readKey(key),
    isTagGone ? ports.listTags(repository) : undefined,
    readsLayers && direction === 'pull' && digest ? ports.readLayers(repository, digest) : undefined,
    isGone || isTagGone ? ports.recall(repository, tag) : undefined,
  ]);
  return { names, makers, key: state, tags, layers, past };
}

function unasked(): Registry {
  const none: Reading<never> = NOT_ASKED;
  return {
    ...{ token: none, vpc: none, repository: none, policy: none, rights: none, image: none },
    ...{ names: undefined, makers: undefined, tokenRight: undefined, key: undefined },
    ...{ tags: undefined, layers: undefined, past: undefined },
  };
}
