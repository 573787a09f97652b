import { expect, test } from 'vitest';
import { basicAnswer } from '../../local/ecr/findings.ts';
import { basicFindings } from './findings.ts';
import { flowForFile, gaugeSet } from './stack.ts';

const flow = flowForFile();
const COMMIT = '4f0c2d1e8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d';
const OTHER = '9b7e3c5a1d2f4e6b8a0c9d7e5f3b1a2c4d6e8f0a';

// AWS scans an image once: a tag that it gets later brings a push event, and no scan event.
test('a tag that moves to an image scanned long ago has its gauges, and people hear once', async () => {
  const repository = 'promoted/later';
  const { registry, bus } = flow().stack;
  const clean = flow().push(repository, { tags: ['latest', COMMIT] });
  flow().scan(repository, clean.digest, basicAnswer(basicFindings('LOW', 1)));
  await flow().settled(repository);
  const candidate = flow().push(repository, { tags: [OTHER] });
  flow().scan(repository, candidate.digest, basicAnswer(basicFindings('CRITICAL', 2)));
  await flow().settled(repository);
  const [moved] = registry.retag(repository, candidate.digest, 'latest');
  const inAMinute = new Date(Date.now() + 60_000).toISOString().replace(/\.\d+/, '');
  bus.put({ ...moved, time: inAMinute });
  await flow().settled(repository);
  const { gauges, decisions, slack } = flow().got(repository);
  expect(gauges.at(-1)).toEqual(gaugeSet('latest', { critical: 2 }));
  expect(decisions).toEqual(['silence: below-threshold', 'notice: new-findings', 'notice: new-findings']);
  // The same findings of the same image: told once, when it was the newest push.
  expect(slack).toHaveLength(1);
});
