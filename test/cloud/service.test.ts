import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { leftOf, processesOf } from './left-over.ts';
import { testPushes } from './scenarios/pushes.ts';
import { testRights } from './scenarios/rights.ts';
import { testScans } from './scenarios/scans.ts';
import { testTroubles } from './scenarios/troubles.ts';
import { type Service, startService } from './service.ts';

// One deployment, one test after the other: a test may wait until nothing moves any more.
let started: Service | undefined;
beforeAll(async () => {
  started = await startService();
});
afterAll(async () => started?.stop());

function service(): Service {
  if (!started) throw new Error('the service is not deployed');
  return started;
}

test('the real template is deployed, all of it', () => {
  const { resourceTypes } = service().deployment;
  expect(Object.fromEntries(resourceTypes)).toMatchObject({
    'AWS::Lambda::Function': 8,
    'AWS::Lambda::EventSourceMapping': 6,
    'AWS::SQS::Queue': 12,
    'AWS::DynamoDB::Table': 2,
    'AWS::Events::Rule': 10,
    'AWS::SNS::Topic': 2,
    'AWS::IAM::Role': 9,
    'AWS::CloudWatch::Alarm': 16,
    'AWS::ECR::PullTimeUpdateExclusion': 1,
  });
});

describe('pushes', () => testPushes(service));

describe('scans', () => testScans(service));

describe('troubles', () => testTroubles(service));

describe('rights', () => testRights(service));

describe('the end', () => {
  test('serverless remove leaves nothing but the two tables, which the template retains', async () => {
    await service().deployment.remove();
    const { tables } = service().deployment;
    expect(await leftOf(service().emulators, service().deployment.stackName)).toEqual({
      stacks: [],
      functions: [],
      mappings: [],
      queues: [],
      topics: [],
      rules: [],
      tables: [tables.ledger, tables.lineage],
    });
    expect((await service().items('lineage', 'cloud/moved')).length).toBeGreaterThan(0);
  });

  test.skipIf(process.platform !== 'linux')(
    'the emulators leave no process, no port and no file',
    async () => {
      const { folder, url, motoUrl = '' } = service().emulators;
      expect(processesOf(folder)).not.toEqual([]);
      await service().stop();
      await sleep(200);
      expect(processesOf(folder)).toEqual([]);
      expect(existsSync(folder)).toBe(false);
      for (const gone of [url, motoUrl]) await expect(fetch(gone)).rejects.toThrow('fetch failed');
    },
  );
});
