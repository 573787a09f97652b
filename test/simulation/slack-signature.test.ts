import { expect, test } from 'vitest';
import { type Knock, verify } from '../../lib/slack-door/signature.ts';
import { chance } from './chance.ts';
import { record } from './report/row.ts';
import { mutated } from './slack-door/mutations.ts';
import { boltAccepts, DIFFERENCES, differencesOf } from './slack-door/oracle.ts';
import { asKnock, SECRET, type Sent, sentBySlack } from './slack-door/sent.ts';

/** `REQUESTS=1000 SEED=7` for another number of them, from another seed on. */
const REQUESTS = Number(process.env.REQUESTS ?? 100_000);
const FIRST = Number(process.env.SEED ?? 1);

type Verifier = (knock: Knock, nowMs: number) => boolean;

const ours: Verifier = (knock, nowMs) => verify(knock, SECRET, nowMs).isSlack;

type Difference = 'none' | 'false accept' | 'false reject' | (typeof DIFFERENCES)[number];

/** How a verifier differs from bolt about a request; what is meant so goes by its name. */
function differenceOf(verifier: Verifier, sent: Sent): { isAccepted: boolean; difference: Difference } {
  const isAccepted = verifier(asKnock(sent), sent.nowMs);
  if (isAccepted === boltAccepts(sent)) return { isAccepted, difference: 'none' };
  const [meant] = differencesOf(sent).filter((name) => isAccepted === name.startsWith('bytes'));
  return { isAccepted, difference: meant ?? (isAccepted ? 'false accept' : 'false reject') };
}

/** Asks both about so many requests, each of a seed from `first` on. */
function verdict(verifier: Verifier, first: number, requests: number) {
  const seeds = new Map<Difference, number[]>();
  let accepted = 0;
  for (let seed = first; seed < first + requests; seed += 1) {
    const drawn = chance(seed);
    const { isAccepted, difference } = differenceOf(verifier, mutated(sentBySlack(drawn), drawn));
    if (isAccepted) accepted += 1;
    if (difference !== 'none') seeds.set(difference, (seeds.get(difference) ?? []).concat(seed));
  }
  const of = (difference: Difference) => seeds.get(difference) ?? [];
  return { accepted, falseAccepts: of('false accept'), falseRejects: of('false reject'), of };
}

test(`R13: ${REQUESTS} mutated requests: what bolt says, but for what is meant`, () => {
  const { accepted, falseAccepts, falseRejects, of } = verdict(ours, FIRST, REQUESTS);
  const meant = DIFFERENCES.map((name) => of(name).length);
  record({
    id: 'R13',
    size: REQUESTS,
    promise: 'nobody else speaks for Slack',
    target: '0 false accepts and 0 false rejects of 100,000 mutated requests, with bolt as oracle',
    measured: {
      'mutated requests': REQUESTS,
      'of them accepted': accepted,
      'false accepts': falseAccepts.length,
      'false rejects': falseRejects.length,
      'otherwise than bolt by intent': meant.reduce((sum, count) => sum + count, 0),
    },
    pass: falseAccepts.length + falseRejects.length === 0,
  });
  expect(falseAccepts).toEqual([]);
  expect(falseRejects).toEqual([]);
  expect(Math.min(accepted, REQUESTS - accepted)).toBeGreaterThan(REQUESTS / 10);
  // Each difference but the bound of the body, which is too large for so many, is met often enough to be counted.
  const rare = DIFFERENCES.filter((name) => of(name).length < REQUESTS / 10_000);
  expect(rare).toEqual(['a body over the bound']);
}, 120_000);

test.each<[string, Verifier]>([
  ['that believes the first byte', ({ headers }) => (headers['x-slack-signature'] ?? '').startsWith('v0=')],
  [
    'that forgets the clock',
    (knock) => ours(knock, 1000 * Number(knock.headers['x-slack-request-timestamp'])),
  ],
  ['that decodes nothing', (knock, nowMs) => ours({ ...knock, isBase64Encoded: false }, nowMs)],
  [
    'that reads headers by one case',
    ({ headers, ...knock }, nowMs) =>
      ours({ ...knock, headers: { 'X-Slack-Signature': headers['X-Slack-Signature'] } }, nowMs),
  ],
  [
    'that takes the text for a string of one alphabet',
    (knock, nowMs) =>
      ours({ ...knock, body: Buffer.from(knock.body ?? '', 'latin1').toString('ascii') }, nowMs),
  ],
])('a planted verifier %s is found', (_, verifier) => {
  const { falseAccepts, falseRejects } = verdict(verifier, 1, 5_000);
  expect(falseAccepts.length + falseRejects.length).toBeGreaterThan(0);
});
