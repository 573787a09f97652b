import { expect, test } from 'vitest';
import { basicAnswer } from '../../local/ecr/findings.ts';
import { basicFindings } from './findings.ts';
import { flowForFile, gaugeSet } from './stack.ts';

const flow = flowForFile();
const HEARTBEAT = 'scan-response-dev-heartbeat';

test('a beat repeats what is open through the packaged functions, claims nothing, and ends with the image', async () => {
  const { stack, push, scan, settled, got, items } = flow();
  const { digest } = push('heart/open');
  await settled('heart/open');
  scan('heart/open', digest, basicAnswer(basicFindings('CRITICAL', 2)));
  await settled('heart/open');
  const before = await items('ledger', 'heart/open');
  expect((await stack.runNow(HEARTBEAT)).error).toBeUndefined();
  await settled('heart/open');
  const open = gaugeSet('latest', { critical: 2 });
  expect(got('heart/open').gauges).toEqual([open, open]);
  expect(await items('ledger', 'heart/open')).toEqual(before);
  expect(stack.datadog.series.filter(({ metric }) => metric === 'scan_response.heartbeat')).toHaveLength(1);

  const deleted = stack.registry.remove('heart/open', digest);
  for (const event of deleted) stack.bus.put(event);
  await settled('heart/open');
  await stack.runNow(HEARTBEAT);
  await settled('heart/open');
  expect(got('heart/open').gauges).toEqual([open, open, gaugeSet('latest')]);
});
