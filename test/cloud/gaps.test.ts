import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EVENT_GAPS } from './gaps/events.ts';
import { FUNCTION_GAPS } from './gaps/functions.ts';
import { openScene, type Scene } from './gaps/gap.ts';
import { REGISTRY_GAPS } from './gaps/registry.ts';
import { SCAN_GAPS } from './gaps/scans.ts';
import { OTHER_GAPS } from './gaps/secrets-queues-rights.ts';
import { STACK_GAPS } from './gaps/stacks.ts';

// What the emulators cannot do, or now can, measured on the versions that requirements.txt pins. A row that fails
// after an upgrade is news: docs/decisions/0001-independent-emulator.md says what hangs on it.

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(async () => scene?.stop());

describe.each([
  ['CloudFormation', STACK_GAPS],
  ['Lambda', FUNCTION_GAPS],
  ['EventBridge', EVENT_GAPS],
  ['ECR', REGISTRY_GAPS],
  ['SSM, SQS, IAM', OTHER_GAPS],
  ['moto', SCAN_GAPS],
])('%s', (_, gaps) => {
  test.each(gaps)('%s (was: %s)', async (_what, _then, now, look) => {
    expect(await look(scene)).toEqual(now);
  });
});
