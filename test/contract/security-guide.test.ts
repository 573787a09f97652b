import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Grant, grants, list, ofType, packagedResources } from './template.ts';

const guide = readFileSync('docs/security.md', 'utf8');
const resources = packagedResources();

/** The rows of the table of functions: name → the code words of its row, and the queues that it may send to. */
const rows = new Map(
  [...guide.matchAll(/^\| `([a-z-]+)` \|(.*)\|([^|]*)\|$/gm)].map(
    ([, name = '', actions = '', queues = '']) => [
      name,
      {
        actions: [...actions.matchAll(/`([^`]+)`/g)].map(([, it = '']) => it).sort(),
        queues: queues
          .split(',')
          .map((it) => it.trim())
          .filter((it) => it !== '')
          .sort(),
      },
    ],
  ),
);

const functions = ofType(resources, 'AWS::Lambda::Function').map(([, { Properties }]) => ({
  name: String(Properties.Handler).replace(/^.*\/(.*)\.handler$/, '$1'),
  role: Properties.Role['Fn::GetAtt'][0] as string,
}));

/** What every function may do to its own log and queue is said once, above the table. */
function actionsOf(granted: readonly Grant[]): readonly string[] {
  const actions = granted.flatMap(({ Action }) => list(Action)).filter((it) => !/^(logs|sqs):/.test(it));
  return [...new Set(actions)].sort();
}

/** `PushesQueue` → `pushes`; its own dead letters are said once, too. */
function queuesOf(granted: readonly Grant[]): readonly string[] {
  const sending = granted.filter(({ Action }) => list(Action).includes('sqs:SendMessage'));
  const ids = sending
    .flatMap(({ Resource }) => list(Resource))
    .map((it) => (it as { 'Fn::GetAtt': string[] })['Fn::GetAtt'][0] ?? '');
  return [
    ...new Set(ids.filter((id) => id.endsWith('Queue')).map((id) => id.replace('Queue', '').toLowerCase())),
  ].sort();
}

describe('docs/security.md says what the packaged template allows', () => {
  test('every function has its row, and no other', () => {
    expect([...rows.keys()].sort()).toEqual(functions.map(({ name }) => name).sort());
  });

  test.each(functions)('$name', ({ name, role }) => {
    const granted = grants(resources).filter((grant) => grant.role === role);
    expect(rows.get(name)).toEqual({ actions: actionsOf(granted), queues: queuesOf(granted) });
  });

  test('a permission more would be seen', () => {
    const more = {
      role: 'any',
      Effect: 'Allow',
      Action: ['ecr:DeleteRepository', 'sqs:SendMessage'],
      Resource: { 'Fn::GetAtt': ['ScansQueue', 'Arn'] },
    } as unknown as Grant;
    expect([actionsOf([more]), queuesOf([more])]).toEqual([['ecr:DeleteRepository'], ['scans']]);
  });
});
