import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Deployment, deploy } from './deployment.ts';
import { type Emulators, startEmulators } from './emulators.ts';

let emulators: Emulators | undefined;
let deployment: Deployment | undefined;

beforeAll(async () => {
  emulators = await startEmulators();
  deployment = await deploy(emulators);
});

afterAll(async () => {
  await emulators?.stop();
});

test('the real template is deployed, all of it', () => {
  expect(deployment?.resourceTypes.get('AWS::Lambda::Function')).toBe(5);
});
