import { describe, expect, test } from 'vitest';
import {
  ALARMS,
  FUNCTIONS,
  type Grant,
  SCHEDULES,
  SECRETS,
  TABLES,
  TOPICS,
} from '../../lib/doctor/blueprint.ts';
import { QUEUES } from '../../lib/doctor/queues.ts';
import { RULES } from '../../lib/doctor/rules.ts';
import { list, ofType, packagedResources, stackOf, grants as statementsOf } from './template.ts';
import { packagedWhole } from './whole.ts';

// The doctor holds a deployment against its own drawing of it: that drawing must be the template's.

const PREFIX = 'scan-response-dev-';
const resources = packagedResources();
const whole = await packagedWhole();
const stack = stackOf(resources);

function short(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.indexOf(PREFIX) + PREFIX.length);
}

function names(type: string, property: string): readonly string[] {
  return ofType(resources, type)
    .map(([, { Properties }]) => short(Properties[property]))
    .sort();
}

test('rules: what they ask for and where they send', () => {
  const drawn = RULES.map(({ name, source, detailType, queue }) => ({ name, source, detailType, queue }));
  const packaged = stack.rules.map(({ name, pattern, targets }) => {
    const { source, 'detail-type': detailType } = pattern as Readonly<Record<string, readonly string[]>>;
    return {
      ...{ name: short(name), source: source?.[0], detailType: detailType?.[0] },
      queue: short(targets[0]?.queueArn ?? ''),
    };
  });
  expect(drawn).toEqual(packaged);
});

test('schedules: each with the function of its name, which may be run by it', () => {
  const permitted = ofType(resources, 'AWS::Lambda::Permission').map(([, { Properties }]) => ({
    functionName: Properties.FunctionName['Fn::GetAtt'][0],
    rule: Properties.SourceArn['Fn::GetAtt'][0],
  }));
  const packaged = stack.schedules.map(({ name, everyMinutes, functionNames }) => {
    expect(functionNames.map(short), name).toEqual([short(name)]);
    return { name: short(name), every: `rate(${everyMinutes} minutes)` };
  });
  expect(SCHEDULES.map(({ name, every }) => ({ name, every }))).toEqual(packaged);
  expect(permitted).toHaveLength(packaged.length);
});

test('queues: each with its dead letters, its reader, and the patience of its alarm', () => {
  const queues = QUEUES.flatMap(({ name }) => [name, `${name}-dead-letters`]);
  expect(queues.sort()).toEqual(stack.queues.map(({ name }) => short(name)).sort());
  const readers = stack.mappings.map(({ functionName, queueArn }) => [short(queueArn), short(functionName)]);
  expect(Object.fromEntries(QUEUES.map(({ name, readBy }) => [name, readBy]))).toEqual(
    Object.fromEntries(readers),
  );
  for (const { name, patienceSeconds, receives } of QUEUES) {
    const queue = stack.queues.find((it) => short(it.name) === name);
    expect(queue?.redrive?.maxReceiveCount, name).toBe(receives);
    const alarm = ofType(resources, 'AWS::CloudWatch::Alarm').find(
      ([, { Properties }]) => Properties.AlarmName === `${PREFIX}${name}-age`,
    );
    expect(alarm?.[1].Properties.Threshold, name).toBe(patienceSeconds);
  }
});

test('functions and their queues, or their schedules', () => {
  const fed = stack.mappings.map(({ functionName, queueArn }) => [short(functionName), short(queueArn)]);
  const scheduled = stack.schedules.flatMap(({ functionNames }) => functionNames.map(short));
  expect(FUNCTIONS.flatMap(({ name, queue }) => (queue ? [[name, queue]] : [])).sort()).toEqual(fed.sort());
  const others = FUNCTIONS.filter(({ queue, param }) => !queue && !param).map(({ name }) => name);
  expect(others.sort()).toEqual(scheduled.sort());
  const asked = FUNCTIONS.flatMap(({ name, param }) => (param ? name : []));
  const more = stackOf(whole).functions.map(({ name }) => short(name));
  const usual = stack.functions.map(({ name }) => short(name));
  expect(asked).toEqual(more.filter((name) => !usual.includes(name)));
});

test('tables, topics and alarms', () => {
  expect([...TABLES].sort()).toEqual(names('AWS::DynamoDB::Table', 'TableName'));
  expect([...TOPICS].sort()).toEqual(names('AWS::SNS::Topic', 'TopicName'));
  expect([...ALARMS].sort()).toEqual(names('AWS::CloudWatch::Alarm', 'AlarmName'));
});

test('secrets are named in the environment of the functions that read them', () => {
  const { functions } = stackOf(whole);
  for (const { readBy, variable } of SECRETS) {
    const reader = functions.find(({ name }) => short(name) === readBy);
    expect(reader?.environment[`SCAN_RESPONSE_${variable}`], variable).toMatch(/^\/scan-response\/dev\//);
  }
});

describe('grants: every action of a role, its log aside', () => {
  const camel = (name: string) => name.replace(/(?:^|-)(\w)/g, (_, letter) => letter.toUpperCase());

  test.each(FUNCTIONS.map(({ name, grants }) => ({ name, grants })))('$name', ({ name, grants }) => {
    const packaged = statementsOf(whole)
      .filter(({ role, Sid }) => role === `${camel(name)}Role` && Sid !== 'WriteOwnLog')
      .flatMap(({ Action, Resource }) =>
        list(Resource).flatMap((resource) => list(Action).map((action) => `${action} ${kindOf(resource)}`)),
      );
    const drawn = grants.flatMap(({ on, actions }) => actions.map((action) => `${action} ${drawnKind(on)}`));
    expect(drawn.sort()).toEqual(packaged.sort());
  });

  /** `PushesDeadLetters` of a resource in the template. */
  function kindOf(resource: unknown): string {
    const text = JSON.stringify(resource).replace(
      /\{"Fn::Sub":"[^"]+:table\/\$\{(\w+)\}\/index/,
      '{"Ref":"$1',
    );
    const [, logicalId] = /^\{"(?:Fn::GetAtt|Ref)":\[?"(\w+(?:\/[\w-]+)?)"/.exec(text) ?? [];
    if (logicalId) return logicalId;
    if (text.includes(':repository/')) return 'repositories';
    if (text.includes('-reader')) return 'reader';
    return text.includes(':parameter') ? 'parameter' : '*';
  }

  function drawnKind(on: Grant['on']): string {
    const [kind = '', name = ''] = on.split(':');
    if (kind === 'parameter') return 'parameter';
    if (kind === 'queue') return `${camel(name)}Queue`.replace('DeadLettersQueue', 'DeadLetters');
    if (kind === 'index') return name.replace(/^[a-z]+/, (table) => `${camel(table)}Table`);
    return ['table', 'topic'].includes(kind) ? `${camel(name)}${camel(kind)}` : on;
  }
});
