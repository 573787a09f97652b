import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { saveRepository } from '../../lib/store/image.ts';
import { saveVerification } from '../../lib/store/reconciliation.ts';
import { aRepository } from '../build/lineage.ts';
import { consoleOver, settled } from './console.ts';
import { recordDemo } from './scene.ts';
import { commitOf, hoursAgo } from './world.ts';

const rows = (page: Page) => page.locator('.repos > .repo');
const names = (page: Page) => rows(page).locator('h2').allTextContents();
const chip = (page: Page, words: string) => page.getByRole('button', { name: words });

describe('all repositories', () => {
  const { open } = consoleOver(recordDemo);

  test('what runs with criticals first, and of each what is open, since when, what runs it', async () => {
    const { page, complaints } = await open('#/');
    expect(await page.locator('h1').textContent()).toBe('All repositories');
    expect(await page.title()).toBe('Repositories · scan-response');
    expect(await names(page)).toEqual([
      'demo-api',
      'payments/ledger',
      'legacy/mainframe-bridge',
      'batch/import',
      'search-api',
      ...['tools/backup', 'tools/lint', 'web/storefront', 'web/shop', 'web/shop', 'young-api'],
    ]);
    const [first, second] = await rows(page).allTextContents();
    expect(first).toContain('Runs with criticals');
    expect(first).toContain('latest1 critical2 high');
    expect(first).toContain(commitOf('release 13').slice(0, 12));
    expect(first).toMatch(/open for 4 h 24 min.*latest runs in prod\/checkout 1 task, prod\/worker 1 task/);
    expect(first).toMatch(/last push 2026-11-20 08:30:00 CET \(07:30:00Z\)verified 10 min ago/);
    expect(second).toMatch(/Criticals.*main1 critical6 high7 fixable/);
    expect(complaints).toEqual([]);
  });

  test('what is not scanned is never a number, nor clean', async () => {
    const { page } = await open('#/');
    const words = async (name: string) =>
      (await rows(page).filter({ hasText: name }).allTextContents()).join();
    expect(await words('mainframe-bridge')).toMatch(
      /not scanned: UNSUPPORTED_IMAGE.*the image before: 1 high/,
    );
    expect(await words('batch/import')).toMatch(/waits for its scan.*the image before: no findings/);
    expect(await words('young-api')).toContain('This does not mean clean.');
    for (const name of ['mainframe-bridge', 'batch/import', 'young-api'])
      expect(await rows(page).filter({ hasText: name }).locator('.ref-found > .quiet').count()).toBe(0);
    expect(await words('young-api')).toContain('history incomplete: never held against the registry');
    expect(await page.locator('.note').textContent()).toMatch(/^History incomplete: 3 repositories were not/);
  });

  test('a tag leads to its page, a service to its own, and Back to the list', async () => {
    const { page } = await open('#/');
    await rows(page).first().getByRole('link', { name: 'latest' }).click();
    await settled(page);
    expect(await page.locator('h1').textContent()).toBe('demo-api:latest');
    await page.goBack();
    await settled(page);
    await rows(page).first().getByRole('link', { name: 'prod/checkout' }).click();
    await settled(page);
    expect(await page.locator('h1').textContent()).toBe('prod/checkout');
    await page.getByRole('link', { name: 'scan-response', exact: true }).click();
    await settled(page);
    expect(await rows(page).count()).toBe(11);
  });

  test('is filtered by kind and by words, with the keyboard alone', async () => {
    const { page } = await open('#/');
    await chip(page, 'Not scanned').focus();
    await page.keyboard.press('Enter');
    expect(await names(page)).toEqual(['legacy/mainframe-bridge']);
    expect(await chip(page, 'Not scanned').getAttribute('aria-pressed')).toBe('true');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('1 Not scanned');
    await page.keyboard.press('Space');
    expect(await rows(page).count()).toBe(11);
    await page.getByLabel('Only with').focus();
    for (const [text, found] of [
      ['WEB us-east', ['web/shop']],
      ['prod/storefront', ['web/storefront']],
      ['main', ['payments/ledger', 'legacy/mainframe-bridge', 'tools/lint']],
      ['nowhere', []],
    ] as const) {
      await page.getByLabel('Only with').fill(text);
      expect(await names(page), text).toEqual(found);
    }
    expect(await page.locator('.foot').textContent()).toBe('0 of 11 repositories');
    // What goes to the search box elsewhere is a letter in here.
    await page.getByLabel('Only with').fill('');
    await page.keyboard.type('/');
    expect(await page.getByLabel('Only with').inputValue()).toBe('/');
  });

  test('what the audit found is behind a line', async () => {
    const { page } = await open('#/');
    const audit = page.locator('.audit');
    expect(await audit.locator('summary').textContent()).toBe(
      'Audit of the registries: 1 high, 4 medium 7 h 30 min ago',
    );
    expect(await audit.getByRole('table').isVisible()).toBe(false);
    await audit.locator('summary').click();
    expect(await audit.locator('td').allTextContents()).toEqual([
      ...['1 high', 'policy-public', '111122223333/eu-west-1'],
      ...['4 medium', 'lifecycle-none', '111122223333/eu-west-1'],
    ]);
  });

  test('AWS that cannot be asked is said, and can be asked again', async () => {
    const { page } = await open('#/ask/nothing%3Alatest');
    await page.route('**/api/repositories?*', (route) =>
      route.fulfill({
        status: 502,
        json: { schema: 'scan-response.refusal/v1', error: 'no such table', kind: 'backend' },
      }),
    );
    await page.goto(`${page.url().split('#')[0]}#/`);
    await settled(page);
    expect(await page.locator('h1').textContent()).toBe('AWS could not be asked');
    expect(await page.locator('[role="alert"]').textContent()).toContain('no such table');
    expect(await page.locator('.examples').isVisible()).toBe(true);
    await page.unroute('**/api/repositories?*');
    await page.getByRole('button', { name: 'Ask again' }).click();
    await expect.poll(() => rows(page).count(), { timeout: 20_000 }).toBe(11);
  });

  test('of a page behind the first that cannot be read is said what is missing', async () => {
    const { page } = await open('#/ask/nothing%3Alatest');
    await page.route('**/api/repositories?', async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ json: { ...(await answer.json()), next: 'n.' } });
    });
    await page.route('**/api/repositories?after=*', (route) =>
      route.fulfill({ status: 502, json: { error: 'gone' } }),
    );
    await page.goto(`${page.url().split('#')[0]}#/`);
    await expect
      .poll(() => page.locator('.foot').textContent(), { timeout: 20_000 })
      .toBe('11 repositories so farThe rest could not be read: goneRead on');
    await page.unroute('**/api/repositories?after=*');
    await page.getByRole('button', { name: 'Read on' }).click();
    await expect.poll(() => page.locator('.foot').textContent(), { timeout: 20_000 }).toBe('11 repositories');
  });

  test('on paper it is the list alone', async () => {
    const { page } = await open('#/');
    await page.emulateMedia({ media: 'print' });
    for (const selector of ['header', '.overview-filter', '.help'])
      expect(await page.locator(selector).isVisible()).toBe(false);
    expect(await rows(page).last().isVisible()).toBe(true);
  });
});

describe('before anything was pushed', () => {
  const { open } = consoleOver(async () => undefined);

  test('it says so, what to look at, and what the box takes', async () => {
    const { page, complaints } = await open('#/', { viewport: { width: 360, height: 740 } });
    expect(await page.locator('h1').textContent()).toBe('No repository yet');
    expect(await page.locator('main').textContent()).toMatch(/after its first push.*scan-response doctor/);
    expect(await page.locator('.examples').isVisible()).toBe(true);
    expect(complaints).toEqual([]);
  });
});

describe('many repositories', () => {
  const MANY = 260;
  const { open } = consoleOver(async ({ lineage }) => {
    for (let nth = 0; nth < MANY; nth += 1) {
      const repository = aRepository({ name: `team-${nth % 7}/service-${String(nth).padStart(3, '0')}` });
      if (nth % 2) await saveRepository(lineage, repository);
      else await saveVerification(lineage, repository, { since: hoursAgo(9), verifiedAt: hoursAgo(0, 5) });
    }
  });

  test('are all read, page by page, and not all drawn at once', async () => {
    const { page, complaints } = await open('#/');
    await expect
      .poll(() => page.locator('.foot').textContent(), { timeout: 20_000 })
      .toBe(`${MANY} repositories`);
    expect(await rows(page).count()).toBe(200);
    await page.getByRole('button', { name: 'Show 60 more' }).click();
    expect(new Set(await names(page)).size).toBe(MANY);
    await page.getByLabel('Only with').fill('team-3 service-01');
    expect(await names(page)).toEqual(['team-3/service-010', 'team-3/service-017']);
    expect(complaints).toEqual([]);
  });
});
