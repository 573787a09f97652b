import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { report } from '../../../lib/cli/doctor-report.ts';
import { diagnose } from '../../../lib/doctor/diagnose.ts';
import { aDeploymentWith, aHealthyDeployment, found } from '../../build/health.ts';
import { at } from '../../build/lineage.ts';

const clock = { now: new Date(at('12:00')), say: (instant: string) => instant };

/** What people see of a deployment of the stage prod with these faults. */
function linesWith(changes: Readonly<Record<string, unknown>>): readonly string[] {
  const { facts, deployment } = aDeploymentWith(changes);
  const renamed = JSON.parse(JSON.stringify(facts).replaceAll('scan-response-dev', 'scan-response-prod'));
  const diagnoses = diagnose({ deployment: { ...deployment, stage: 'prod' }, facts: renamed }, clock);
  return report({ stage: 'prod', place: deployment.place, checkedAt: at('12:00'), diagnoses }).lines;
}

test('what the README shows is what is printed', () => {
  const [, example = ''] = /```\n(function\n[^`]+)\n```/.exec(readFileSync('README.md', 'utf8')) ?? [];
  const lines = linesWith({ 'functions/deliver-datadog/reserved': found(0) });
  const printed = lines.filter((line) => /^function$|scan-completed {2}|deliver-datadog /.test(line));
  const [start, end] = [printed.indexOf('function'), printed.findIndex((line) => line.includes('fix:'))];
  expect(example.split('\n')).toEqual(printed.slice(start, end + 1));
});

test('a healthy thing takes one line, and so does the sum', () => {
  const lines = linesWith({});
  expect(lines[0]).toBe('scan-response-prod, 111122223333 eu-west-1, 2026-11-20 12:00:00 UTC (12:00:00Z)');
  expect(lines.filter((line) => line.includes(' pushes '))).toHaveLength(1);
  expect(lines.at(-1)).toMatch(/^0 faults, 0 warnings, 0 not checked, \d+ ok$/);
});

test('one permission that many checks miss is said once, at the end', () => {
  const denied = { state: 'denied', action: 'cloudwatch:GetMetricData' };
  const lines = linesWith({ oldestAges: denied });
  expect(
    lines.filter((line) => line.includes('not checked: you may not cloudwatch:GetMetricData')),
  ).toHaveLength(5);
  expect(lines.slice(-4)).toEqual([
    'to check the rest',
    '  Grant yourself cloudwatch:GetMetricData, or ask somebody who has it.',
    '',
    expect.stringMatching(/^0 faults, 0 warnings, 5 not checked/),
  ]);
});

test('the document has every check, the good ones too', () => {
  const { deployment, facts } = aHealthyDeployment();
  const diagnoses = diagnose({ deployment, facts }, clock);
  const { document } = report({ stage: 'dev', place: deployment.place, checkedAt: at('12:00'), diagnoses });
  expect(document.schema).toBe('scan-response.doctor/v1');
  expect(document.checks).toHaveLength(diagnoses.length);
  expect(diagnoses.length).toBeGreaterThan(80);
});
