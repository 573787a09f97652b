import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { InvalidEvent } from '../../lib/errors.ts';
import { IMAGE_VERDICT } from '../../lib/gate/image-verdict.ts';
import { OURSELVES } from '../../lib/intake/own-source.ts';
import { parseEvent } from '../../lib/intake/parse.ts';
import { matches } from '../../local/event-rule.ts';
import { packagedResources, stackOf } from './template.ts';

const text = readFileSync('events/sent/image-verdict.passed.json', 'utf8');
const sample = JSON.parse(text);

test('the sample is what we send', () => {
  const validate = new Ajv2020({ strict: false }).compile(
    JSON.parse(readFileSync('docs/image-verdict.schema.json', 'utf8')),
  );
  expect(validate(sample.detail), JSON.stringify(validate.errors)).toBe(true);
  expect([sample.source, sample['detail-type']]).toEqual([OURSELVES, IMAGE_VERDICT]);
});

test('no rule of ours takes it, and intake does not answer it', () => {
  const { rules } = stackOf(packagedResources());
  expect(rules.length).toBeGreaterThan(5);
  expect(rules.filter(({ pattern }) => matches(pattern, sample))).toEqual([]);
  expect(() => parseEvent(text)).toThrow(InvalidEvent);
});

test('the rule in the guide takes it, and nothing that has not passed', () => {
  const guide = readFileSync('docs/gate.md', 'utf8');
  const blocks = [...guide.matchAll(/^```json\n([\s\S]*?)^```/gm)].map(([, json = '']) => JSON.parse(json));
  const [pattern] = blocks.filter((it) => 'detail-type' in it);
  const about = (detail: object) => ({
    ...sample,
    detail: { ...sample.detail, repository: 'demo-api', ...detail },
  });
  expect(matches(pattern, about({}))).toBe(true);
  for (const verdict of ['blocked', 'unscanned']) expect(matches(pattern, about({ verdict }))).toBe(false);
  expect(matches(pattern, about({ tags: ['main'] }))).toBe(false);
});
