import type { Question } from './questions.ts';

/** A question on which an oracle and the embedded stack are known to disagree, and who is right. */
export interface RuleDifference extends Question {
  readonly oracle: 'Event Ruler' | 'ministack';
  readonly what: string;
  readonly ours: boolean;
  readonly right: 'the embedded stack';
  readonly because: string;
  /** Whether a question is of this kind. */
  readonly includes: (question: Question) => boolean;
}

const envelope = {
  id: 'a',
  source: 'latest',
  account: '111122223333',
  time: '2026-11-20T03:10:00Z',
  region: 'eu-west-1',
  resources: [],
  'detail-type': 'a',
};

const textOf = ({ pattern }: Question): string => JSON.stringify(pattern);

/**
 * Event Ruler is what EventBridge runs, so it is right but where it contradicts what AWS writes.
 * Sources: https://github.com/aws/event-ruler, https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern.html
 */
export const RULE_DIFFERENCES: readonly RuleDifference[] = [
  {
    oracle: 'Event Ruler',
    what: 'two "anything-but" objects for one field, one of them a wildcard',
    pattern: {
      source: [{ 'anything-but': { wildcard: '*t' } }, { 'anything-but': { 'equals-ignore-case': 'x' } }],
    },
    event: envelope,
    ours: true,
    right: 'the embedded stack',
    because: 'either of a list’s conditions is enough, and Event Ruler says yes to the second one alone',
    includes: (question) => textOf(question).includes('{"anything-but":{"wildcard"'),
  },
  {
    oracle: 'ministack',
    what: '"exists": false inside a list of objects of which only some have the field',
    pattern: { detail: { items: { type: [{ exists: false }] } } },
    event: { ...envelope, detail: { items: [{ severity: 'a' }, { type: 'b' }] } },
    ours: false,
    right: 'the embedded stack',
    because: 'Event Ruler: absent is what no element has',
    includes: (question) => /"(items|parts|mixed)":\{.*"exists":false/.test(textOf(question)),
  },
  {
    oracle: 'ministack',
    what: 'one list asked for its values and for fields of its objects',
    pattern: { $or: [{ detail: { mixed: ['a'] } }, { source: ['x'] }], detail: { mixed: { type: ['b'] } } },
    event: { ...envelope, detail: { mixed: ['a', { type: 'b' }] } },
    ours: true,
    right: 'the embedded stack',
    because: 'Event Ruler: a plain value takes no element of its list',
    includes: (question) => /"mixed":\[.*"mixed":\{|"mixed":\{.*"mixed":\[/.test(textOf(question)),
  },
];
