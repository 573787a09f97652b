import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { consoleOver, settled } from './console.ts';
import { NEW_CVE, recordDemo } from './scene.ts';
import { commitOf, digestOf, hoursAgo } from './world.ts';

const { open, url } = consoleOver(recordDemo);
const NEWEST = commitOf('release 13');
const short = (text: string) => text.replace('sha256:', '').slice(0, 12);

function line(page: Page) {
  return {
    rows: page.getByRole('grid').getByRole('row'),
    blocks: page.locator('.chart .block'),
    chart: page.locator('.chart'),
    compare: page.locator('.compare'),
  };
}

async function search(page: Page, text: string, moment = ''): Promise<void> {
  await page.locator('#subject').fill(text);
  await page.locator('#moment').fill(moment);
  await page.getByRole('button', { name: 'Look up' }).click();
  await settled(page);
}

describe('one box for everything', () => {
  test('a tag, a digest, a commit, a service, a finding, and what a tag was', async () => {
    const { page, complaints } = await open('#/');
    for (const [text, moment, heading, words] of [
      ['demo-api:latest', '', 'demo-api:latest', NEWEST],
      ['demo-api:latest', '20h ago', 'demo-api:latest', short(digestOf('release 11'))],
      ['demo-api:latest~1', '', 'demo-api:latest', commitOf('release 12')],
      [digestOf('release 3').slice(0, 19), '', 'demo-api', commitOf('release 3')],
      [NEWEST.slice(0, 9), '', short(NEWEST), NEWEST],
      ['prod/checkout', '', 'prod/checkout', 'Container app'],
      [NEW_CVE, '', NEW_CVE, '2 services run it now, 2 images in 1 repository'],
    ] as const) {
      await search(page, text, moment);
      expect(await page.locator('h1').textContent(), text).toBe(heading);
      expect(await page.locator('main').textContent(), text).toContain(words);
    }
    expect(complaints).toEqual([]);
  });

  test('an address that was kept leads to the same, and Back to what was there before', async () => {
    const { page } = await open('#/ask/demo-api%3Alatest?at=20h+ago');
    expect(await page.locator('#moment').inputValue()).toBe('20h ago');
    expect(await page.title()).toBe('demo-api:latest · scan-response');
    await search(page, 'prod/worker');
    await page.goBack();
    await settled(page);
    expect(await page.locator('h1').textContent()).toBe('demo-api:latest');
    expect(await page.locator('#subject').inputValue()).toBe('demo-api:latest');
  });

  test('the same is said in a terminal', async () => {
    const { page } = await open('#/diff/demo-api%3Alatest~1/demo-api%3Alatest');
    expect(await page.locator('.terminal code').textContent()).toBe(
      "scan-response diff 'demo-api:latest~1' demo-api:latest",
    );
  });
});

describe('a tag', () => {
  test('has its time line: images, deployments above, counts beneath, doubts', async () => {
    const { page, complaints } = await open('#/ask/demo-api%3Alatest');
    await page.getByRole('button', { name: 'All loaded' }).click();
    const { rows, blocks, chart } = line(page);
    await expect.poll(() => chart.locator('.fill-critical').count()).toBeGreaterThan(0);
    expect(await page.getByRole('grid').getAttribute('aria-rowcount')).toBe('16');
    expect(await blocks.count()).toBe(16);
    for (const style of ['verified', 'claimed', 'tag', 'unknown', 'deleted'])
      expect(await chart.locator(`.block.${style}`).count(), style).toBeGreaterThan(0);
    expect(await chart.locator('.lane').allTextContents()).toEqual(['prod/worker', 'prod/checkout']);
    expect(await chart.locator('.gap').count()).toBeGreaterThanOrEqual(3);
    expect(await chart.locator('.conflict').count()).toBeGreaterThan(0);
    expect(await rows.nth(0).textContent()).toMatch(
      /verified.*2026-11-20 08:30:00 CET \(07:30:00Z\).*still so.*1 critical.*prod\/checkout/,
    );
    expect(await rows.nth(3).textContent()).toContain('conflict');
    expect(complaints).toEqual([]);
  });

  test('is drawn to scale', async () => {
    const { page } = await open('#/ask/demo-api%3Alatest');
    await page.getByRole('button', { name: '24 h', exact: true }).click();
    const { width = 0 } = (await page.locator('.chart').boundingBox()) ?? {};
    const boxes = await page
      .locator('.chart .block > rect')
      .evaluateAll((all) =>
        all.map((it) => [Number(it.getAttribute('x')), Number(it.getAttribute('width'))]),
      );
    // From 14 and from 4.5 hours before the right edge of 24.
    expect(boxes).toHaveLength(3);
    expect(boxes[0]?.[0]).toBeCloseTo((width * 19.5) / 24, 0);
    expect(boxes[1]?.[0]).toBeCloseTo((width * 10) / 24, 0);
    expect(boxes[2]?.[0]).toBeCloseTo(0, 0);
  });

  test('two points of it are compared: by the list, and by the drawing', async () => {
    const { page, complaints } = await open('#/ask/demo-api%3Alatest');
    const { rows, blocks, compare } = line(page);
    await rows.nth(0).click();
    expect(await compare.textContent()).toContain('choose another one');
    await blocks
      .filter({ hasText: short(commitOf('release 5')) })
      .first()
      .click();
    await compare.getByRole('link').click();
    await settled(page);
    expect(await page.locator('h1').textContent()).toBe('What changed');
    expect(await page.getByRole('link', { name: 'Compare the commits' }).getAttribute('href')).toBe(
      `https://github.com/acme/demo-api/compare/${commitOf('release 5')}...${NEWEST}`,
    );
    const lists = page.locator('.sides section');
    expect(await lists.filter({ hasText: 'Gained' }).textContent()).toContain(NEW_CVE);
    expect(await lists.filter({ hasText: 'Lost' }).textContent()).toMatch(/Lost: [1-9]/);
    expect(complaints).toEqual([]);
  });

  test('leads to its images: findings by what matters, platforms, evidence, and what runs it', async () => {
    const { page } = await open('#/ask/demo-api%3Alatest');
    await line(page).rows.nth(0).getByRole('link').click();
    await settled(page);
    const text = await page.locator('main').textContent();
    for (const words of [
      'Where it runs',
      'prod/worker',
      'linux/arm64',
      'provenance configSource.digest',
      'label org.opencontainers.image.revision',
    ])
      expect(text).toContain(words);
    const findings = page.getByRole('region', { name: 'Findings' }).locator('tbody tr');
    expect(await findings.first().textContent()).toContain(`critical${NEW_CVE}9.8openssl 3.0.113.0.17`);
    expect(await findings.count()).toBe(25);
    await page.getByRole('button', { name: /Show \d+ more/ }).click();
    expect(await findings.count()).toBeGreaterThan(40);
  });
});

test('a finding: images, services, since when, and what ran in a time', async () => {
  const { page } = await open(`#/cve/${NEW_CVE}`);
  const text = await page.locator('main').textContent();
  expect(text).toContain('Known since2026-11-19 23:03:00 CET (22:03:00Z)');
  expect(await page.getByRole('region', { name: 'Services' }).locator('tbody tr').count()).toBe(2);
  await page.getByLabel('What ran from').fill(hoursAgo(16));
  await page.getByLabel('to', { exact: true }).fill(hoursAgo(10));
  await page.getByRole('button', { name: 'Ask' }).click();
  await settled(page);
  expect(await page.locator('.headline').textContent()).toContain('1 service ran it');
});

describe('what is no answer is one of its own', () => {
  test.each([
    ['#/ask/nothing%3Alatest', 'Not found', 'no push to a repository called nothing'],
    ['#/ask/%3C%3E', 'This cannot be asked', 'not a repository name'],
    ['#/ask/demo-api%3Alatest?at=2026-10-25+02%3A30', 'This cannot be asked', '--fold 1'],
    ['#/ask/web%2Fshop%3Alatest', 'Which one?', 'web/shop in 111122223333/us-east-1'],
    ['#/ask/young-api%3Alatest', 'young-api:latest', 'History incomplete.'],
  ])('%s: %s', async (path, heading, words) => {
    const { page, complaints } = await open(path);
    expect(await page.locator('h1').textContent()).toBe(heading);
    expect(await page.locator('main').textContent()).toContain(words);
    expect(complaints).toEqual([]);
  });

  test('of several with one name each leads to itself', async () => {
    const { page } = await open('#/ask/web%2Fshop%3Alatest');
    await page.getByRole('link', { name: /us-east-1/ }).click();
    await settled(page);
    expect(await page.locator('main').textContent()).toContain('web/shop in 111122223333/us-east-1');
  });

  test('a scan that is not there is not called clean', async () => {
    const { page } = await open('#/ask/young-api%3Alatest');
    expect(await page.locator('main').textContent()).toContain(
      'No scan is on record. This does not mean clean.',
    );
  });

  test('waiting is said, and so is a console that has ended; then it can be asked again', async () => {
    const { page } = await open('#/');
    let answer: 'wait' | 'gone' | 'there' = 'wait';
    await page.route(`${url()}api/**`, async (route) => {
      if (answer === 'gone') return route.abort();
      if (answer === 'wait') await new Promise((resolve) => setTimeout(resolve, 700));
      return route.continue();
    });
    await page.locator('#subject').fill('demo-api:latest');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('[aria-busy="true"] h1').textContent()).toBe('Looking up …');
    answer = 'gone';
    await page.locator('#subject').fill('prod/checkout');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('h1').textContent()).toBe('AWS could not be asked');
    expect(await page.getByRole('alert').textContent()).toContain('Is it still running in its terminal?');
    answer = 'there';
    await page.getByRole('button', { name: 'Ask again' }).click();
    await expect.poll(() => page.locator('h1').textContent()).toBe('prod/checkout');
  });
});
