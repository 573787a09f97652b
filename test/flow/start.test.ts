import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { copyOfProject, start } from './start.ts';

test('--event plays one event; --keep stays, and Ctrl-C closes every port', {
  timeout: 120_000,
}, async () => {
  const root = await copyOfProject('packaged');
  const { child, ended, out } = start(root, '--event', 'events/ecr-image-action.push.json', '--keep');
  await expect.poll(out, { timeout: 60_000 }).toMatch(/npx scan-response history[\s\S]* {2}console +http/);
  expect(out()).toMatch(/rule scan-response-\w+-image-action/);
  expect(out()).toContain('push shop/checkout:latest 1a3302ac4276: recorded-as-gone');
  const urls = [...new Set(out().match(/http:\/\/127\.0\.0\.1:\d+/g))];
  expect(urls).toHaveLength(9);
  const [, opened = ''] = /console +(http\S+)/.exec(out()) ?? [];
  expect(await (await fetch(opened)).text()).toContain('<title>scan-response</title>');
  const reachable = async () =>
    (
      await Promise.all(
        urls.map((url) =>
          fetch(url).then(
            () => [url],
            () => [],
          ),
        ),
      )
    ).flat();
  expect(await reachable()).toEqual(urls);
  child.kill('SIGINT');
  expect(await ended).toBe(0);
  expect(await reachable()).toEqual([]);
});

test('--scan plays one scan answer, and refuses a file that is none', { timeout: 120_000 }, async () => {
  const root = await copyOfProject('packaged');
  const finding = { name: 'CVE-2026-4321', severity: 'CRITICAL', attributes: [] };
  const answer = {
    repositoryName: 'shop/checkout',
    imageScanStatus: { status: 'COMPLETE' },
    imageScanFindings: { findingSeverityCounts: { CRITICAL: 1 }, findings: [finding] },
  };
  await writeFile(join(root, 'scan.json'), JSON.stringify(answer));
  const good = start(root, '--scan', 'scan.json');
  expect(await good.ended, good.error()).toBe(0);
  expect(good.out()).toContain('1 critical in shop/checkout:latest, first scan');
  expect(good.out()).toContain('gauges vulnerabilities shop/checkout:latest  critical 1, high 0');

  await writeFile(join(root, 'scan.json'), JSON.stringify({ findings: [] }));
  const bad = start(root, '--scan', 'scan.json');
  expect(await bad.ended).toBe(1);
  expect(bad.error()).toMatch(/^npm start: not a scan answer: .*aws ecr describe-image-scan-findings/);
});

test('--help says what there is', async () => {
  const root = await copyOfProject('packaged');
  const { ended, out, error } = start(root, '--help');
  expect(await ended).toBe(0);
  expect(error()).toBe('');
  for (const option of ['--scan FILE', '--event FILE', '--keep', '--help']) expect(out()).toContain(option);
});
