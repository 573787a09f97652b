import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { actionsOf, BY_LAMBDA, isAction } from './actions.ts';
import { type Call, callsContainedIn, callsIn, callsOf } from './calls.ts';
import { grants, list, ofType, type Resource, type Resources, withFault } from './template.ts';
import { packagedWhole } from './whole.ts';

const functions = readdirSync('functions')
  .filter((file) => file.endsWith('.ts'))
  .map((file) => basename(file, '.ts'));
const resources = await packagedWhole();
const calls = new Map(await Promise.all(functions.map(async (name) => [name, await callsOf(name)] as const)));
const callsBy = (name: string) => calls.get(name) ?? expect.fail(`no function ${name}`);

interface Comparison {
  /** Granted, and the code never asks for it. */
  readonly unused: readonly string[];
  /** The code asks for it, and is not granted it. */
  readonly missing: readonly string[];
  /** No such action. */
  readonly unknown: readonly string[];
}
/** Asked for when a parameter says so, and granted only then (test/contract/parameters.test.ts). */
const OPT_IN: ReadonlySet<string> = new Set(['ecr:GetDownloadUrlForLayer', 'events:PutEvents']);
const ALIKE: Comparison = { unused: [], missing: [], unknown: [] };

/** The function's definition in the template. */
function definitionOf(name: string, template: Resources): Resource {
  const found = ofType(template, 'AWS::Lambda::Function').find(([, { Properties }]) =>
    Properties.Handler.endsWith(`/${name}.handler`),
  );
  return found?.[1] ?? expect.fail(`no function ${name} in the template`);
}

/** Whether Lambda empties a queue for it, with its role; a schedule needs nothing of the role. */
function isFed(name: string): boolean {
  return 'SCAN_RESPONSE_QUEUE_URL' in definitionOf(name, resources).Properties.Environment.Variables;
}

function roleOf(name: string, template: Resources): string {
  return definitionOf(name, template).Properties.Role['Fn::GetAtt'][0];
}

function compare(name: string, template = resources): Comparison {
  const byLambda = isFed(name) ? BY_LAMBDA : BY_LAMBDA.filter((action) => !action.startsWith('sqs:'));
  const needed = new Set([...byLambda, ...callsBy(name).flatMap(actionsOf)]);
  const role = roleOf(name, template);
  const granted = grants(template).flatMap((grant) => (grant.role === role ? list(grant.Action) : []));
  return {
    unused: granted.filter((action) => !needed.has(action)),
    missing: [...needed].filter((action) => !granted.includes(action) && !OPT_IN.has(action)),
    unknown: granted.filter((action) => !isAction(action)),
  };
}

describe.each(functions)('%s', (name) => {
  test('its role allows what its code calls, and nothing else', () => {
    expect(compare(name)).toEqual(ALIKE);
  });

  test('its role reaches what its environment names, and nothing else', () => {
    const { Environment, FunctionName } = definitionOf(name, resources).Properties;
    const groups = ofType(resources, 'AWS::Logs::LogGroup').filter(
      ([, { Properties }]) => Properties.LogGroupName === `/aws/lambda/${FunctionName}`,
    );
    const named = Object.entries(Environment.Variables).flatMap(([key, value]) => {
      if (key.endsWith('_DEPLOYMENT')) return [];
      if (key.endsWith('_PARAMETER')) return [`parameter${value}`];
      return typeof value === 'string' ? [] : [shortName(value)];
    });
    const reached = grants(resources)
      .filter(({ role }) => role === roleOf(name, resources))
      .flatMap(({ Resource }) => list(Resource).map(shortName))
      .filter((resource) => resource !== '*' && resource !== 'repository/*');
    expect([...new Set(reached)].sort()).toEqual([...groups.map(([id]) => id), ...named].sort());
  });

  test('its package holds every call that its code makes, and what else is in there is known', () => {
    const called = callsBy(name).flatMap(sent);
    const contained = callsContainedIn(name).map(text);
    expect(called.filter((call) => !contained.includes(call))).toEqual([]);
    const leftOver = contained.filter((call) => !called.includes(call) && !LEFT_OVER.has(call));
    expect(leftOver).toEqual([]);
  });

  test.each([
    ['ecr:DeleteRepository', { unused: ['ecr:DeleteRepository'] }],
    ['ecr:*', { unused: ['ecr:*'], unknown: ['ecr:*'] }],
    ['dynamodb:DeleteItem', { unused: ['dynamodb:DeleteItem'] }],
    ['sqs:SendMessageBatch', { unused: ['sqs:SendMessageBatch'], unknown: ['sqs:SendMessageBatch'] }],
  ])('a permission too many is seen: %s', (action, seen) => {
    expect(compare(name, withStatement(name, action))).toEqual({ ...ALIKE, ...seen });
  });

  test('every permission that is taken away is seen', () => {
    for (const { path, actions, index } of statementsOf(name)) {
      for (const [at, action] of actions.entries()) {
        const rest = actions.filter((_, other) => other !== at);
        const { missing } = compare(name, withFault(resources, [path, rest]));
        const isGrantedTwice = statementsOf(name).some(
          (other) => other.index !== index && other.actions.includes(action),
        );
        expect(missing).toEqual(isGrantedTwice ? [] : [action]);
      }
    }
  });

  test('every misspelt permission is seen', () => {
    for (const { path, actions } of statementsOf(name)) {
      for (const [at, action] of actions.entries()) {
        const misspelt = actions.map((each, other) => (other === at ? `${action}z` : each));
        const { unknown, unused } = compare(name, withFault(resources, [path, misspelt]));
        expect([unknown, unused]).toEqual([[`${action}z`], [`${action}z`]]);
      }
    }
  });
});

/** In a package, though nobody calls them: what the DynamoDB clients drag along. */
const LEFT_OVER = new Set([
  '@aws-sdk/client-dynamodb DescribeEndpointsCommand', // endpoint discovery, which only Timestream-like clients use
  '@aws-sdk/client-dynamodb QueryCommand', // behind lib-dynamodb's paginators
  '@aws-sdk/client-dynamodb ScanCommand',
  '@aws-sdk/lib-dynamodb QueryCommand',
  '@aws-sdk/lib-dynamodb ScanCommand',
]);

const text = ({ from, command }: Call) => `${from} ${command}`;

/** A call, and the one that it makes in turn. */
function sent(call: Call): readonly string[] {
  if (call.from !== '@aws-sdk/lib-dynamodb') return [text(call)];
  const [action = ''] = actionsOf(call);
  return [text(call), `@aws-sdk/client-dynamodb ${action.split(':')[1]}Command`];
}

function shortName(resource: unknown): string {
  const intrinsic = resource as Readonly<Record<string, string | readonly string[]>> | string;
  if (typeof intrinsic === 'string') return intrinsic;
  const [value] = Object.values(intrinsic);
  if (typeof value !== 'string') return value?.[0] ?? '';
  const [, table] = /:table\/\$\{(\w+)\}\/index\//.exec(value) ?? [];
  if (table) return table;
  return value.slice(value.lastIndexOf(':') + 1);
}

function statementsOf(name: string) {
  const role = roleOf(name, resources);
  return grants(resources)
    .filter((grant) => grant.role === role)
    .map(({ Action }, index) => ({
      index,
      path: `${role}/Properties/Policies/0/PolicyDocument/Statement/${index}/Action`,
      actions: list(Action),
    }));
}

/** The template with one more statement in the function's role. */
function withStatement(name: string, action: string): Resources {
  const statement = { Sid: 'Planted', Effect: 'Allow', Action: action, Resource: '*' };
  const { length } = statementsOf(name);
  const path = `${roleOf(name, resources)}/Properties/Policies/0/PolicyDocument/Statement/${length}`;
  return withFault(resources, [path, statement]);
}

test('one function, one role; and one role for people', () => {
  const used = functions.map((name) => roleOf(name, resources));
  const defined = ofType(resources, 'AWS::IAM::Role').map(([id]) => id);
  expect(new Set(used).size).toBe(functions.length);
  expect([...used, 'OperatorRole'].sort()).toEqual([...defined].sort());
  const operator = grants(resources).filter(({ role }) => role === 'OperatorRole');
  expect(operator.flatMap(({ Action }) => list(Action)).filter((action) => !isAction(action))).toEqual([]);
  const made = functions.flatMap(callsBy);
  const granted = grants(resources).flatMap(({ Action }) => list(Action));
  process.stdout.write(
    `IAM: ${functions.length} functions, ${made.length} commands in their code, ${granted.length} actions granted\n`,
  );
});

test.each(['ecr:DescribeImagez', 'ecr:describeImages', 'inspector2:ListFinding', 'iam:PassRole', 'ecr'])(
  'there is no action %s here',
  (action) => {
    expect(isAction(action)).toBe(false);
  },
);

describe('what the code calls is read from the code', () => {
  test.each([
    ['a call', 'import { AddCommand } from "@aws-sdk/client-x";\nnew AddCommand({});', ['AddCommand']],
    [
      'a call under another name',
      'import { AddCommand as AddCommand2 } from "@aws-sdk/client-x";\nsend(new AddCommand2({}));',
      ['AddCommand'],
    ],
    ['an import that nothing uses', 'import { AddCommand } from "@aws-sdk/client-x";', []],
    ['a client', 'import { XClient } from "@aws-sdk/client-x";\nnew XClient({});', []],
  ])('%s', (_, code, commands) => {
    expect(callsIn(code).map(({ command }) => command)).toEqual(commands);
  });

  test.each([
    ['everything at once', 'import * as x from "@aws-sdk/client-x";\nnew x.AddCommand();', /does not name/],
    ['a paginator', 'import { paginateX } from "@aws-sdk/client-x";\npaginateX();', /calls by itself/],
  ])('%s is refused', (_, code, error) => {
    expect(() => callsIn(code)).toThrow(error);
  });

  test('a client that is not in the table is refused', () => {
    expect(() => actionsOf({ from: '@aws-sdk/client-s3', command: 'GetObjectCommand' })).toThrow(
      /add it to test/,
    );
  });
});
