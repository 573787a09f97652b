import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CelEngine, type StandardDiagnostic, TemplateFile } from '@aws/cloudformation-validate';
import { afterAll, describe, expect, test } from 'vitest';
import { type Fault, packagedResources, type Resources, withFault } from './template.ts';

/** What the validator says about the packaged template and we leave as it is. */
const ACCEPTED: Readonly<Record<string, string>> = {
  W3005: 'osls writes DependsOn beside the reference that says the same',
  I1022: "osls writes Fn::Join in its deployment bucket's policy",
  I3011: 'queues and log groups may go with the stack: what must outlive it is in tables and images',
  I9001: 'a physical name is create-only by nature; ours have the stage in them and never change',
  I9040: 'tags are for the account to choose (provider.stackTags), not for the template',
};

const folder = mkdtempSync(join(tmpdir(), 'validate-'));
const engine = new CelEngine();
afterAll(() => {
  engine.free();
  rmSync(folder, { recursive: true });
});

/** What AWS's validator says about a template. */
function diagnose(resources: Resources): readonly StandardDiagnostic[] {
  const file = join(folder, 'template.json');
  writeFileSync(file, JSON.stringify({ AWSTemplateFormatVersion: '2010-09-09', Resources: resources }));
  const { status, diagnostics } = engine.validateStandard(new TemplateFile(file));
  expect(status).toBe('OK');
  return diagnostics;
}

const resources = packagedResources();
const usual = diagnose(resources);

test('no error, and no warning without a reason', () => {
  const errors = usual.filter(({ severity }) => severity === 'ERROR' || severity === 'FATAL');
  expect(errors).toEqual([]);
  expect([...new Set(usual.map(({ ruleId }) => ruleId))].sort()).toEqual(Object.keys(ACCEPTED).sort());
});

test('warnings are about what osls writes', () => {
  const warnings = usual.filter(({ severity }) => severity === 'WARN').map(({ entity }) => entity?.logicalId);
  expect(warnings.every((id) => id?.endsWith('LambdaFunction'))).toBe(true);
});

const scansPolicy = 'ScansQueuePolicy/Properties/PolicyDocument/Statement';

describe('what the validator says of a planted fault; where it is silent, our rules and the parity test are not', () => {
  test.each<[string, Fault, readonly string[]]>([
    ['a misspelt property', ['PushesQueue/Properties/VisibilityTimeOut', 180], ['F3002']],
    ['visibility below the timeout', ['PushesQueue/Properties/VisibilityTimeout', 20], ['E3505']],
    ['visibility below six timeouts', ['PushesQueue/Properties/VisibilityTimeout', 60], []],
    [
      'a key attribute that is not defined',
      ['LedgerTable/Properties/KeySchema/0/AttributeName', 'x'],
      ['E3039'],
    ],
    ['a runtime that is gone', ['DeliverDashsnsLambdaFunction/Properties/Runtime', 'nodejs14.x'], ['E2531']],
    ['a reference to nothing', ['SinkQueuesPolicy/Properties/Queues/0', { Ref: 'Nowhere' }], ['F1020']],
    ['a statement without an effect', [`${scansPolicy}/0/Effect`], []],
    [
      'a misspelt action',
      ['ImagePushedRole/Properties/Policies/0/PolicyDocument/Statement/3/Action', 'ecr:DescribeImagez'],
      [],
    ],
    [
      'a role that may do all',
      ['ImagePushedRole/Properties/Policies/0/PolicyDocument/Statement/3/Action', '*'],
      [],
    ],
    ['a queue that anybody may send to', [`${scansPolicy}/0/Condition`], []],
    ['a target without dead letters', ['ImageScanRule/Properties/Targets/0/DeadLetterConfig'], []],
    ['a rule for every account', ['ImageScanRule/Properties/EventPattern/account'], []],
    ['a table without recovery', ['LedgerTable/Properties/PointInTimeRecoverySpecification'], []],
    ['a table that goes with the stack', ['LedgerTable/DeletionPolicy'], ['W3011', 'I3011']],
    ['a queue without dead letters', ['ScansQueue/Properties/RedrivePolicy'], []],
    ['an alarm that nobody hears', ['ScansAgeAlarm/Properties/AlarmActions'], []],
  ])('%s', (_, fault, seen) => {
    const said = (list: readonly StandardDiagnostic[]) =>
      list.map(({ ruleId, entity, propertyPath }) => `${ruleId} ${entity?.logicalId} ${propertyPath}`);
    const before = said(usual);
    const more = said(diagnose(withFault(resources, fault))).filter((line) => !before.includes(line));
    expect([...new Set(more.map((line) => line.split(' ')[0]))]).toEqual(seen);
  });
});
