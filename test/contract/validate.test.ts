import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CelEngine, type StandardDiagnostic, TemplateFile } from '@aws/cloudformation-validate';
import { afterAll, expect, test } from 'vitest';
import { registryResources } from './evaluate.ts';
import { FAULTS } from './faults.ts';
import { type Resources, withFault } from './template.ts';
import { packagedWhole } from './whole.ts';

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

const resources = { ...(await packagedWhole()), ...(await registryResources()) };
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

test.each(FAULTS)('of $name it says $validator, beyond the usual', ({ fault, validator }) => {
  const said = (list: readonly StandardDiagnostic[]) =>
    list.map(({ ruleId, entity, propertyPath }) => `${ruleId} ${entity?.logicalId} ${propertyPath}`);
  const before = said(usual);
  const more = said(diagnose(withFault(resources, fault))).filter((line) => !before.includes(line));
  expect([...new Set(more.map((line) => line.split(' ')[0]))]).toEqual(validator);
});
