import { expect, test } from 'vitest';
import { type Account, accountOf, type Kill } from './account.ts';
import type { Bombarded } from './bombarded.ts';

const NAME = 'kill/00001';
const POINT = { metric: 'ecr.image.vulnerabilities', metricTags: [`repository:${NAME}`], value: 1 };
const lostReply = { reaches: true, reply: 'reset', name: 'reset after accept' } as const;
const killed: Kill = { functionName: 'x-deliver-slack', event: `{"Records":["${NAME}"]}` };

interface Scene {
  /** Notification texts. */
  readonly slack?: readonly string[];
  readonly values?: readonly number[];
  readonly keys?: readonly string[];
  readonly broken?: number;
  readonly kills?: readonly Kill[];
}

/** One scan of which everything arrived once, but for what the scene says. */
function verdict({ slack = [''], values = [1], keys = ['a'], broken = 0, kills = [] }: Scene): Account {
  const struck = Array.from({ length: broken }, () => ({ fault: lostReply, path: '/', body: NAME }));
  const stack = {
    slack: { messages: slack.map((mark) => ({ message: { text: `${mark}critical in ${NAME}` } })) },
    sns: { published: [{ message: JSON.stringify({ repository: NAME, possibleRepeat: false }) }] },
    datadog: {
      events: keys.map((key) => ({ tags: [`repository:${NAME}`], aggregation_key: key })),
      series: values.map((value) => ({ ...POINT, value })),
    },
    queues: new Map(),
  };
  const bombarded = { stack, proxies: { slack: { struck }, sns: { struck: [] } } };
  return accountOf(bombarded as unknown as Bombarded, [NAME], kills);
}

const marked = ['', 'Possible repeat: '];
const fine = {
  lost: [],
  unexplained: [],
  unmarked: [],
  keyedDoubles: [],
  explainedRepeats: 0,
  deadLetters: 0,
};

test.each<[string, Scene, Partial<Account>]>([
  ['all is well', {}, {}],
  ['a message that never came', { slack: [] }, { lost: [`${NAME} at sink 0`] }],
  ['a double without a reason', { slack: marked }, { unexplained: [`slack ${NAME}`], explainedRepeats: 1 }],
  ['a double after a lost reply', { slack: marked, broken: 1 }, { explainedRepeats: 1 }],
  ['a double after a kill', { slack: marked, kills: [killed] }, { explainedRepeats: 1 }],
  [
    'two doubles after one lost reply',
    { slack: [...marked, ...marked.slice(1)], broken: 1 },
    { unexplained: [`slack ${NAME}`], explainedRepeats: 2 },
  ],
  [
    'a double that does not say so',
    { slack: ['', ''], broken: 1 },
    { unmarked: [`slack ${NAME}`], explainedRepeats: 1 },
  ],
  ['an event that Datadog cannot fold', { keys: ['a', 'b'] }, { keyedDoubles: [NAME] }],
  ['an event that Datadog folds', { keys: ['a', 'a'] }, {}],
  ['the same gauge twice', { values: [1, 1] }, {}],
])('%s', (_, scene, expected) => {
  expect(verdict(scene)).toEqual({ ...fine, ...expected });
});
