import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { BatchWriteCommand, GetCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { parseTag } from '../../lib/image/reference.ts';
import { saveRepository } from '../../lib/store/image.ts';
import { imageKey, tagEventKey, tagPartition } from '../../lib/store/keys.ts';
import { anImageOf, aRepository } from '../build/lineage.ts';
import { cliFile } from '../doubles/cli.ts';
import type { Tables } from '../doubles/dynamodb.ts';
import { consoleOver } from './console.ts';
import { mainThread } from './main-thread.ts';
import { commitOf, digestOf, historian, hoursAgo } from './world.ts';

/**
 * Where others use the cores, a clock says how long they did: then the work of the page's own thread is held against
 * the limits (script, style, layout and paint, in processor time), and the clock is only told.
 */
const isQuiet = (loadavg()[0] ?? 0) < cpus().length / 2;
const MOVES = 5000;
const BUSY = aRepository({ name: 'busy-api' });
const { open, url } = consoleOver(recordBusy);
const file = cliFile();

/** A tag that moved every hour since spring, each time to another image; written in batches, as it would be read. */
async function recordBusy(tables: Tables): Promise<void> {
  const { lineage } = tables;
  const tag = parseTag('latest');
  await saveRepository(lineage, BUSY);
  const written = await sample(tables);
  const items = Array.from({ length: MOVES }, (_, nth) => {
    const at = hoursAgo(MOVES - nth);
    const digest = digestOf(`busy ${nth}`);
    const event = {
      pk: tagPartition(BUSY, tag),
      sk: tagEventKey(at, `event-${nth}`),
      op: 'push',
      recordedAt: at,
      digest,
    };
    const image = {
      ...written,
      ...imageKey(anImageOf(digest, BUSY)),
      pushedAt: at,
      tags: new Set(['latest', commitOf(`busy ${nth}`)]),
    };
    return [event, image];
  }).flat();
  for (let next = 0; next < items.length; next += 25) {
    const Put = items.slice(next, next + 25).map((Item) => ({ PutRequest: { Item } }));
    await lineage.client.send(new BatchWriteCommand({ RequestItems: { [lineage.name]: Put } }));
  }
}

/** An image as the store writes it; all others are like it. */
async function sample(tables: Tables): Promise<Readonly<Record<string, unknown>>> {
  const busy = historian(tables, BUSY);
  const digest = digestOf('sample');
  await busy.image(digest, ['latest']);
  const Key = imageKey(anImageOf(digest, BUSY));
  const { Item = {} } = await tables.lineage.client.send(
    new GetCommand({ TableName: tables.lineage.name, Key }),
  );
  const { gsi1pk: _, gsi1sk: __, gsi2pk: ___, gsi2sk: ____, ...rest } = Item;
  return rest;
}

test('the page is at most 100 kB as it would be sent', async () => {
  const folder = join(dirname(file()), 'page');
  const html = await (await fetch(url())).text();
  const parts = [
    html,
    ...['page.js', 'style.css', 'icon.svg'].map((name) => readFileSync(join(folder, name))),
  ];
  const bytes = parts.reduce((sum, it) => sum + gzipSync(it).length, 0);
  process.stdout.write(`page: ${(bytes / 1000).toFixed(1)} kB compressed\n`);
  expect(bytes).toBeLessThanOrEqual(100_000);
});

test('it is painted first within 100 ms', async () => {
  const { page } = await open('#/');
  const paints: { readonly clockMs: number; readonly workMs: number }[] = [];
  for (let tries = 0; tries < 9; tries += 1) {
    await page.goto('about:blank');
    const tasks = await mainThread(page, async () => {
      await page.goto(url());
      await page.waitForTimeout(200);
    });
    const clockMs = await page.evaluate(firstPaint);
    const workMs = tasks.work(tasks.at('firstPaint'));
    paints.push({ clockMs, workMs });
  }
  const [clockMs = 0, workMs = 0] = (['clockMs', 'workMs'] as const).map((name) =>
    middle(paints.map((it) => it[name])),
  );
  process.stdout.write(
    `first paint: ${clockMs.toFixed(0)} ms by the clock, ${workMs.toFixed(0)} ms of work; ${load()}\n`,
  );
  expect(isQuiet ? clockMs : workMs).toBeLessThanOrEqual(100);
});

/** Milliseconds from the start of the navigation to the first pixel, as Chromium tells it. */
function firstPaint(): Promise<number> {
  return new Promise((resolve) => {
    const observer = new PerformanceObserver((list) => resolve(list.getEntries()[0]?.startTime ?? 0));
    observer.observe({ type: 'paint', buffered: true });
  });
}

function middle(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

function load(): string {
  return `load ${(loadavg()[0] ?? 0).toFixed(1)} on ${cpus().length} cores`;
}

test(`${MOVES} moves are scrolled through without a frame over 50 ms`, { timeout: 180_000 }, async () => {
  const { page } = await open('#/ask/busy-api%3Alatest');
  const rows = () => page.getByRole('grid').getAttribute('aria-rowcount').then(Number);
  await expect
    .poll(
      async () => {
        const more = page.getByRole('button', { name: 'Load older moves' });
        if ((await rows()) < MOVES && (await more.count()) > 0) await more.click({ timeout: 5000 });
        return rows();
      },
      { timeout: 120_000, interval: 300 },
    )
    .toBe(MOVES);
  await page.getByRole('button', { name: 'All loaded' }).click();
  await page.waitForTimeout(1500);
  // Whoever shares the cores makes a frame longer and never shorter: one of three rounds has to be without a long one.
  const rounds: { readonly workMs: number; readonly long: readonly number[]; readonly frames: number }[] = [];
  const isGood = ({ workMs, long }: (typeof rounds)[number]) => workMs <= 50 && !(isQuiet && long.length > 0);
  while (rounds.length < 3 && !rounds.some(isGood)) {
    let scrolled = { frames: 0, long: [] as readonly number[] };
    const tasks = await mainThread(page, async () => {
      scrolled = await page.evaluate(scrollThrough);
    });
    rounds.push({ ...scrolled, workMs: tasks.longestMs });
  }
  for (const { frames, long, workMs } of rounds)
    process.stdout.write(
      `scrolling: ${frames} frames, over 50 ms by the clock: ${long.join(' ') || 'none'}; the longest ${workMs.toFixed(1)} ms of work; ${load()}\n`,
    );
  expect(rounds.filter(({ frames, workMs }) => frames < 200 || workMs === 0)).toEqual([]);
  expect(rounds.some(isGood)).toBe(true);
  // However far it was scrolled, only what is seen is there; and it is the end of the list.
  expect(await page.getByRole('row').count()).toBeLessThan(40);
  expect(await page.locator('[aria-rowindex="5000"]').count()).toBe(1);
  expect(await page.locator('.chart *').count()).toBeLessThan(3000);
});

/** Scrolls from the first to the last row in 200 frames; which of them took long, by Chromium's own account of frames. */
async function scrollThrough(): Promise<{ readonly frames: number; readonly long: readonly number[] }> {
  const list = document.querySelector('.moves') as HTMLElement;
  const long: number[] = [];
  const observer = new PerformanceObserver((entries) => {
    for (const { duration } of entries.getEntries()) if (duration > 50) long.push(Math.round(duration));
  });
  observer.observe({ type: 'long-animation-frame' });
  let frames = 0;
  const end = list.scrollHeight - list.clientHeight;
  for (let step = 1; step <= 200; step += 1) {
    list.scrollTop = (end * step) / 200;
    await new Promise((resolve) => requestAnimationFrame(resolve));
    frames += 1;
  }
  await new Promise((resolve) => setTimeout(resolve, 300));
  observer.disconnect();
  return { frames, long };
}
