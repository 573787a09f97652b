import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Deployment, deploy } from './deployment.ts';
import { type Emulators, startEmulators } from './emulators.ts';
import { faultsFor } from './faults.ts';
import { CANARIES, makeHealthy } from './healthy.ts';

interface Check {
  readonly id: string;
  readonly state: string;
  readonly says: string;
  readonly fix?: string;
}

let emulators: Emulators | undefined;
let deployed: Deployment | undefined;

beforeAll(async () => {
  emulators = await startEmulators();
  // ministack has no scanning configuration of a registry; moto has.
  const environment = { ...emulators.environment, AWS_ENDPOINT_URL_ECR: emulators.motoUrl ?? '' };
  deployed = await deploy({ ...emulators, environment }, 'doctor');
  await makeHealthy(emulators, deployed);
});
afterAll(async () => emulators?.stop());

function started(): { readonly emulators: Emulators; readonly deployment: Deployment } {
  if (!emulators || !deployed) throw new Error('the service is not deployed');
  return { emulators, deployment: deployed };
}

/** What the doctor's document says, and its exit code. */
async function examine() {
  const { code, out, error } = await started().deployment.cli('doctor', '--json');
  expect(error).toBe('');
  const { checks, ...about } = JSON.parse(out);
  return { code, out, about, wrong: (checks as readonly Check[]).filter(({ state }) => state !== 'ok') };
}

test('finds nothing on the healthy deployment', async () => {
  const { code, about, wrong } = await examine();
  expect({ code, wrong }).toEqual({ code: 0, wrong: [] });
  expect(about).toMatchObject({
    schema: 'scan-response.doctor/v1',
    stage: 'doctor',
    account: '111122223333',
    region: 'eu-west-1',
    counts: { fault: 0, warning: 0, unknown: 0 },
  });
  const { code: exit, out } = await started().deployment.cli('doctor');
  expect(exit).toBe(0);
  expect(out).toMatch(/last push seen \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC \(\d\d:\d\d:\d\dZ\)/);
  expect(out).toContain('0 faults, 0 warnings, 0 not checked');
});

test('finds every planted fault and nothing else, names the fix, and shows no secret', async () => {
  const { faults, close } = faultsFor(started().emulators, started().deployment);
  try {
    for (const { plant } of faults) await plant();
    const { code, out, wrong } = await examine();
    if (process.env.VERBOSE) process.stdout.write((await started().deployment.cli('doctor')).out);
    expect(code).toBe(4);
    expect(wrong.map(({ id, state }) => `${state} ${id}`).sort()).toEqual(
      // A rule that is off is also said of the rule, whatever the registry does.
      [...faults.map(({ id }) => `fault ${id}`), 'fault rule.inspector-scan.enabled'].sort(),
    );
    for (const { what, id, fix } of faults) {
      expect(wrong.find((check) => check.id === id)?.fix, what).toContain(fix);
    }
    for (const canary of CANARIES) expect(out).not.toContain(canary);

    for (const { undo } of faults) await undo();
    expect((await examine()).wrong).toEqual([]);
  } finally {
    close();
  }
});
