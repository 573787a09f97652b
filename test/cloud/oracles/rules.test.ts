import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { matches } from '../../../local/event-rule.ts';
import { readTemplate } from '../../../local/template.ts';
import { REFUSED } from '../../build/refused-patterns.ts';
import { type Emulators, startEmulators } from '../emulators.ts';
import { askEventBus } from './event-bus.ts';
import { type Answer, askEventRuler } from './event-ruler.ts';
import { packageCopy } from './packaged-copy.ts';
import { type Question, questions } from './questions.ts';
import { RULE_DIFFERENCES } from './rule-differences.ts';

// More of them, or others: RULE_PAIRS=20000 RULE_SEED=2 npm run test:cloud
const COUNT = Number(process.env.RULE_PAIRS ?? 1000);
const SEED = Number(process.env.RULE_SEED ?? 20_261_120);
const OPERATORS = ['prefix', 'suffix', 'equals-ignore-case', 'wildcard', 'numeric', 'cidr', 'anything-but'];

const made = questions(COUNT, SEED);
const refused = REFUSED.map(([pattern]) => ({ pattern, event: made[0]?.event ?? {} }));
const missing = inject('noEventRuler');

let emulators: Emulators | undefined;
let samplesByRule: readonly Question[] = [];
beforeAll(async () => {
  [emulators, samplesByRule] = await Promise.all([startEmulators({ moto: false }), askEachRule()]);
});
afterAll(async () => emulators?.stop());

function askMinistack(about: readonly Question[]): Promise<readonly Answer[]> {
  if (!emulators) throw new Error('ministack is not there before the first test');
  return askEventBus(emulators, about);
}

const ORACLES = [
  { oracle: 'AWS’s Event Ruler', name: 'Event Ruler', ask: askEventRuler, why: missing },
  { oracle: 'ministack’s EventBridge', name: 'ministack', ask: askMinistack, why: undefined },
] as const;

/** Every question that somebody else answers otherwise than the embedded stack. */
function disagreements(about: readonly Question[], answers: readonly Answer[]) {
  return about
    .map((question, index) => ({ ...question, ours: ourAnswer(question), theirs: answers[index] }))
    .filter(({ ours, theirs }) => ours !== theirs);
}

function isKnown(question: Question, name: string): boolean {
  return RULE_DIFFERENCES.some(({ oracle, includes }) => oracle === name && includes(question));
}

function ourAnswer({ pattern, event }: Question): Answer {
  return matches(pattern, event);
}

describe('the questions', () => {
  test('are answered with yes about half of the time', () => {
    const yes = made.filter(({ pattern, event }) => matches(pattern, event)).length;
    expect(yes / COUNT).toBeGreaterThan(0.4);
    expect(yes / COUNT).toBeLessThan(0.6);
  });

  test.each([...OPERATORS, 'exists', '$or'])('use %s often', (operator) => {
    const using = made.filter(({ pattern }) => JSON.stringify(pattern).includes(`"${operator}":`));
    expect(using.length).toBeGreaterThan(50);
  });
});

describe.each(ORACLES)('$oracle', ({ name, ask, why }) => {
  const reason = why ? ` (skipped: ${why})` : '';

  test.skipIf(why)(`answers ${COUNT} questions as we do${reason}`, async () => {
    const different = disagreements(made, await ask(made));
    expect(different.filter((each) => !isKnown(each, name))).toEqual([]);
    expect(different.length).toBeLessThan(COUNT / 100);
  });

  test.skipIf(why)(`refuses the ${refused.length} patterns that we refuse${reason}`, async () => {
    const answers = await ask(refused);
    const taken = refused.filter((_, index) => typeof answers[index] === 'boolean');
    expect(taken.map(({ pattern }) => pattern)).toEqual([]);
  });

  test.skipIf(why)(
    `passes each sample event through the rules that we pass it through${reason}`,
    async () => {
      const about = samplesByRule;
      expect(about.length).toBeGreaterThan(40);
      const answers = await ask(about);
      expect(disagreements(about, answers)).toEqual([]);
      expect(answers.filter((answer) => answer === true)).toHaveLength(sampleEvents().length);
    },
  );
});

/** Every rule of the packaged template with every file of `events`. */
async function askEachRule(): Promise<readonly Question[]> {
  const packaged = await packageCopy();
  await packaged.dispose();
  const names = {
    account: '111122223333',
    region: 'eu-west-1',
    queueUrl: (name: string) => `https://sqs/${name}`,
  };
  const { rules } = readTemplate(packaged.template, names);
  return rules.flatMap(({ pattern }) => sampleEvents().map((event) => ({ pattern, event })));
}

function sampleEvents(): readonly object[] {
  const files = readdirSync('events').filter((file) => file.endsWith('.json'));
  return files.map((file) => JSON.parse(readFileSync(join('events', file), 'utf8')));
}

describe.each(RULE_DIFFERENCES)('$oracle is wrong about $what', ({ oracle, pattern, event, ours }) => {
  const isRuler = oracle === 'Event Ruler';

  test.skipIf(isRuler && missing)('as written down', async () => {
    const ask = isRuler ? askEventRuler : askMinistack;
    expect(await ask([{ pattern, event }])).toEqual([!ours]);
    expect(matches(pattern, event)).toBe(ours);
  });

  test.skipIf(isRuler || missing)('and Event Ruler says so', async () => {
    expect(await askEventRuler([{ pattern, event }])).toEqual([ours]);
  });
});

test.skipIf(missing)(
  'Event Ruler contradicts itself: one of two conditions that it denies holds alone',
  async () => {
    const pattern = { source: [{ 'anything-but': { 'equals-ignore-case': 'x' } }] };
    expect(await askEventRuler([{ pattern, event: { source: 'latest' } }])).toEqual([true]);
  },
);
