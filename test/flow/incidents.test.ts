import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { askThen } from '../../local/incidents/ask.ts';
import { READS_DOCUMENTS } from '../../local/incidents/documents.ts';
import { incidentsPage, type PlayClock } from '../../local/incidents/page.ts';
import { INCIDENTS } from '../../local/incidents/stories.ts';
import { flowForFile } from './stack.ts';

const clock: PlayClock = { at: new Date() };
const flow = flowForFile({ environment: READS_DOCUMENTS, now: () => clock.at });

test('docs/incidents.md is what the commands print; npm run docs:incidents makes it again', {
  timeout: 120_000,
}, async () => {
  const page = await incidentsPage(flow().stack, clock, resolve('dist/cli/scan-response.mjs'));
  expect(page).toBe(readFileSync('docs/incidents.md', 'utf8'));
  expect(page.match(/^\$ scan-response/gm)).toHaveLength(9);

  // The same answers while every function is down.
  await Promise.all(flow().stack.workers.map((worker) => worker.stop()));
  for (const { args } of INCIDENTS.flatMap(({ steps }) => steps)) {
    const { text } = await askThen(flow().stack, resolve('dist/cli/scan-response.mjs'), args);
    expect(page).toContain(text);
  }
});
