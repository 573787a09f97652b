import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { enhancedAnswer } from '../../local/ecr/findings.ts';
import { type Endpoint, serve } from '../../local/http.ts';
import { type PackagedService, packageService } from '../../local/package.ts';
import { accessKeyIn, type StsServer, startSts } from '../doubles/sts.ts';
import { enhancedFindings } from './findings.ts';
import { type Flow, gaugeSet, startFlow } from './stack.ts';

const OWN = '111122223333';
const MEMBER = '222233334444';

let packaged: PackagedService;
let flow: Flow;
let sts: StsServer;
let registries: Endpoint;
/** Who asked ECR about which account. */
const readings = new Set<string>();

beforeAll(async () => {
  sts = await startSts();
  registries = await serve(async ({ headers, body }) => {
    const key = /Credential=([^/]+)\//.exec(String(headers.authorization))?.[1];
    const account = JSON.parse(body).registryId;
    readings.add(`${account} by ${key === accessKeyIn(account) ? 'its role' : 'our own'}`);
    const target = String(headers['x-amz-target']);
    const type = 'application/x-amz-json-1.1';
    const reply = await fetch(flow.stack.ecr.url, {
      method: 'POST',
      headers: { 'x-amz-target': target, 'content-type': type },
      body,
    });
    return { status: reply.status, headers: { 'content-type': type }, body: await reply.text() };
  });
  packaged = await packageService({ root: process.cwd(), params: { memberAccounts: MEMBER } });
  flow = await startFlow({
    packaged,
    account: OWN,
    environment: { AWS_ENDPOINT_URL_ECR: registries.url, AWS_ENDPOINT_URL_STS: sts.url },
  });
});
afterAll(async () => {
  await flow?.stop();
  await packaged?.dispose();
  await Promise.all([sts, registries].map((each) => each?.close()));
});

type Copy = (event: object) => object;

/** The event as it is in a member, and as Inspector's delegated administrator, which we are, gets it too. */
const inMember: Copy = (event) => JSON.parse(JSON.stringify(event).replaceAll(OWN, MEMBER));
const atAdministrator: Copy = (event) => ({ ...inMember(event), account: OWN, id: crypto.randomUUID() });

/** Pushes and scans an image, all copies of the event twice; returns how many rules took each copy. */
async function tell(repository: string, ...copies: readonly Copy[]): Promise<readonly number[]> {
  const { registry, bus } = flow.stack;
  const { digest, events } = registry.push(repository, { tags: ['latest'] });
  for (const event of events) bus.put(inMember(event));
  await flow.settled(repository);
  const scanned = registry.scan(repository, digest, enhancedAnswer(enhancedFindings('CRITICAL')));
  const taken = copies.map((copy) => bus.put(copy(scanned)).length);
  await flow.settled(repository);
  for (const copy of copies) bus.put(copy(scanned));
  await flow.settled(repository);
  return taken;
}

describe('F1: a member account', () => {
  test.each([
    ['its own event', 'members/own', [inMember]],
    ["the administrator's copy", 'members/administrator', [atAdministrator]],
    ['both', 'members/both', [inMember, atAdministrator]],
    ['both, the other way round', 'members/order', [atAdministrator, inMember]],
  ])('is told of once, by %s', async (_, repository, copies) => {
    expect(await tell(repository, ...copies)).toEqual(copies.map(() => 1));
    const { slack, sns, events, gauges, deadLetters } = flow.got(repository);
    expect([slack.length, sns.length, events.length, deadLetters.length]).toEqual([1, 1, 1, 0]);
    expect(gauges).toEqual([gaugeSet('latest', { critical: 1 })]);
    expect(sns[0]?.attributes).toMatchObject({ account: MEMBER, repository });
    const keys = (await flow.items('ledger', repository)).map(({ pk, sk }) => `${pk}#${sk}`);
    const accounts = keys.map((key) => key.split('#').find((part) => /^\d{12}$/.test(part)));
    expect(new Set(accounts)).toEqual(new Set([MEMBER]));
  });

  test('is read with the role that it gave us, taken once by each function', () => {
    expect([...readings]).toEqual([`${MEMBER} by its role`]);
    const role = `arn:aws:iam::${MEMBER}:role/scan-response-dev-reader`;
    expect(sts.assumed).toEqual([role, role]);
  });

  test('beside our own, which is read as ever', async () => {
    const { digest } = flow.push('members/central');
    flow.scan('members/central', digest, enhancedAnswer(enhancedFindings('CRITICAL')));
    await flow.settled('members/central');
    expect(flow.got('members/central').sns).toMatchObject([{ attributes: { account: OWN } }]);
    expect([...readings]).toEqual([`${MEMBER} by its role`, `${OWN} by our own`]);
  });

  test('that is not listed is not heard, nor heard of', async () => {
    const stranger: Copy = (event) => JSON.parse(JSON.stringify(event).replaceAll(OWN, '999988887777'));
    const toldAdministrator: Copy = (event) => ({ ...stranger(event), account: OWN });
    expect(await tell('members/stranger', stranger, toldAdministrator)).toEqual([0, 0]);
    expect(flow.got('members/stranger').sns).toEqual([]);
  });
});
