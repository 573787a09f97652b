import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { basicAnswer, enhancedAnswer } from '../../local/ecr/findings.ts';
import { basicFindings, enhancedFindings } from './findings.ts';
import { flowForFile } from './stack.ts';

const flow = flowForFile({ environment: { SCAN_RESPONSE_VERDICT_BUS: 'default' } });
const conforms = new Ajv2020({ strict: false }).compile(
  JSON.parse(readFileSync('docs/image-verdict.schema.json', 'utf8')),
);

type Detail = Readonly<Record<string, unknown>>;

/** The verdicts on the bus about a repository, each as its schema says. */
function verdictsOn(repository: string): readonly Detail[] {
  const events = flow().stack.events.taken.filter(({ detail }) => detail.repository === repository);
  for (const { source, 'detail-type': type, detail } of events) {
    expect([source, type]).toEqual(['scan-response', 'Image Verdict']);
    expect(conforms(detail), JSON.stringify(conforms.errors)).toBe(true);
  }
  return events.map(({ detail }) => detail);
}

/** The digests that a pipeline for what has passed starts with. */
function pipelineFor(repository: string): readonly unknown[] {
  const started: unknown[] = [];
  flow().stack.bus.subscribe(
    {
      source: ['scan-response'],
      'detail-type': ['Image Verdict'],
      detail: { verdict: ['passed'], repository: [repository], tags: [{ prefix: 'release-' }] },
    },
    (event) => started.push((event as { detail: Detail }).detail.digest),
  );
  return started;
}

test('no vulnerability → deploy: a rule on what has passed fires, with the digest', async () => {
  const repository = 'verdict/clean';
  const started = pipelineFor(repository);
  const { digest } = flow().push(repository, { tags: ['release-1'] });
  flow().scan(repository, digest, enhancedAnswer(enhancedFindings('HIGH')));
  await flow().settled(repository);
  expect(started).toEqual([digest]);
  expect(verdictsOn(repository)).toMatchObject([
    {
      ...{ verdict: 'passed', digest, tags: ['release-1'], references: ['release-1'], doubts: [] },
      ...{ limits: { CRITICAL: 0 }, counts: { CRITICAL: 0, HIGH: 1 }, fixable: { HIGH: 1 } },
    },
  ]);
});

test('a critical finding, or no scan that can be read, starts nothing', async () => {
  const started = ['verdict/bad', 'verdict/failed', 'verdict/never'].map(pipelineFor);
  const bad = flow().push('verdict/bad', { tags: ['release-1'] }).digest;
  flow().scan('verdict/bad', bad, basicAnswer(basicFindings('CRITICAL')));
  const failed = flow().push('verdict/failed', { tags: ['release-1'] }).digest;
  flow().scan('verdict/failed', failed, { status: 'FAILED' });
  const never = flow().push('verdict/never', { tags: ['release-1'] }).digest;
  flow().scan('verdict/never', never, basicAnswer([]));
  flow().stack.registry.clearScan('verdict/never', never);
  for (const name of ['bad', 'failed', 'never']) await flow().settled(`verdict/${name}`);
  expect(verdictsOn('verdict/bad')).toMatchObject([
    { verdict: 'blocked', counts: { CRITICAL: 1 }, fixable: null },
  ]);
  expect(verdictsOn('verdict/failed')).toMatchObject([
    { verdict: 'unscanned', counts: null, doubts: ['unscannable'], platforms: [{ status: 'FAILED' }] },
  ]);
  expect(verdictsOn('verdict/never')).toMatchObject([{ verdict: 'unscanned', doubts: ['pending'] }]);
  expect(started).toEqual([[], [], []]);
});

test('an index speaks once, when its last platform is scanned', async () => {
  const repository = 'verdict/index';
  const started = pipelineFor(repository);
  const platforms = ['linux/amd64', 'linux/arm64'];
  const { digest, children } = flow().push(repository, { tags: ['release-2'], platforms });
  await flow().settled(repository);
  for (const child of children) flow().scan(repository, child.digest, basicAnswer([]));
  await flow().settled(repository);
  expect(new Set(started)).toEqual(new Set([digest]));
  const ids = verdictsOn(repository).map(({ id }) => id);
  expect(new Set(ids).size).toBe(1);
  expect(verdictsOn(repository)[0]).toMatchObject({ verdict: 'passed', kind: 'index', platformCount: 2 });
});

test('a bus that takes no entry is tried again; alerts go out once, and are not kept waiting', async () => {
  const repository = 'verdict/refused';
  flow().stack.events.failEntries(2, 'InternalFailure');
  const { digest } = flow().push(repository);
  flow().scan(repository, digest, basicAnswer(basicFindings('CRITICAL')));
  await expect.poll(() => flow().got(repository).sns.length, { timeout: 10_000 }).toBe(1);
  await flow().settled(repository);
  expect(verdictsOn(repository)).toMatchObject([{ verdict: 'blocked', digest }]);
  const { slack, sns, events, deadLetters } = flow().got(repository);
  expect([slack.length, sns.length, events.length, deadLetters]).toEqual([1, 1, 1, []]);
  const log = flow().stack.logs.map(({ line }) => JSON.stringify(line));
  expect(log.filter((line) => line.includes('did not take the verdict: InternalFailure'))).not.toEqual([]);
});

test('the service answers no verdict, and says nothing twice about an unchanged scan', async () => {
  const repository = 'verdict/again';
  const { digest } = flow().push(repository);
  const event = flow().scan(repository, digest, basicAnswer([]));
  await flow().settled(repository);
  flow().stack.bus.put(event);
  await flow().settled(repository);
  expect(verdictsOn(repository)).toHaveLength(1);
  const [verdict] = flow().stack.events.taken.filter(({ detail }) => detail.repository === repository);
  expect(flow().stack.bus.put(verdict as object)).toEqual([]);
});
