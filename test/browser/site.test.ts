import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildSite } from '../../build/site/build-site.mjs';
import { chromiumFile } from './chromium.ts';
import { cut, violations } from './judge.ts';

const folder = mkdtempSync(join(tmpdir(), 'docs-site-'));
const PAGES = [
  'index',
  'readme',
  'readme.ja',
  'alerts',
  'audit',
  'console',
  'security',
  'decisions/0002-oracles',
];
const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true } as const;
const FORMS: Readonly<Record<string, BrowserContextOptions>> = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  phone: PHONE,
};

let browser: Browser;
let host: Server;
beforeAll(async () => {
  await buildSite('.', folder);
  host = await serve();
  browser = await chromium.launch({ executablePath: chromiumFile(), args: ['--no-sandbox'] });
});
afterAll(async () => {
  await browser?.close();
  host?.close();
  rmSync(folder, { recursive: true });
});

/** Any static host: it knows files and their types, and nothing else. */
function serve(): Promise<Server> {
  const types: Readonly<Record<string, string>> = {
    '.html': 'text/html',
    '.svg': 'image/svg+xml',
    '.png': 'image/png',
  };
  const server = createServer(({ url = '' }, response) => {
    const file = join(folder, new URL(url, 'http://host').pathname);
    response.setHeader('content-type', types[extname(file)] ?? 'text/plain');
    response.end(readFileSync(file));
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

const fromDisk = () => `${pathToFileURL(folder)}/`;
const fromHost = () => `http://127.0.0.1:${(host.address() as AddressInfo).port}/`;

/** Opens a page, and watches what should never happen: errors, refusals by its policy, requests to elsewhere. */
async function open(base: string, name: string, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => complaints.push(`console: ${message.text()}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(base)) complaints.push(`request: ${request.url()}`);
  });
  await page.goto(`${base}${name}.html`);
  return { page, complaints };
}

/** Pictures that did not come, and whether the page has our style. */
function shown() {
  const missing = [...document.images].filter((it) => it.naturalWidth === 0).map((it) => it.src);
  return { missing, isStyled: getComputedStyle(document.body).margin === '0px' };
}

describe.each(PAGES)('%s', (name) => {
  test.each(Object.entries(FORMS))('%s: keeps nobody out, and nothing is cut', async (_, options) => {
    const { page, complaints } = await open(fromDisk(), name, options);
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(cut)).toEqual([]);
    expect(await page.evaluate(shown)).toEqual({ missing: [], isStyled: true });
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('from a host it is the same page, and asks for nothing but its pictures', async () => {
    const { page, complaints } = await open(fromHost(), name);
    expect(await page.evaluate(shown)).toEqual({ missing: [], isStyled: true });
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

test('all of it is as wide as a phone, and not wider', async () => {
  const { page } = await open(fromDisk(), 'index', PHONE);
  const links = await page
    .locator('#pages a')
    .evaluateAll((all) => all.map((it) => (it as HTMLAnchorElement).href));
  expect(links.length).toBeGreaterThan(25);
  for (const link of links) {
    await page.goto(link);
    expect(await page.evaluate(() => document.documentElement.scrollWidth), link).toBe(360);
  }
  await page.context().close();
});

describe('with the keyboard', () => {
  const focused = (page: Page) =>
    page.evaluate(() => document.activeElement?.textContent?.trim().slice(0, 40));

  test('the first stop goes past everything', async () => {
    const { page } = await open(fromDisk(), 'runbook');
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('To the text');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    await page.context().close();
  });

  test('on a phone the pages open and close, and lead on; on a desk they are there', async () => {
    const { page } = await open(fromDisk(), 'runbook', PHONE);
    const pages = page.getByRole('navigation', { name: 'Pages' });
    expect(await pages.isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Pages' }).focus();
    await page.keyboard.press('Enter');
    expect(await pages.isVisible()).toBe(true);
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('What do you want to do?');
    await page.keyboard.press('Escape');
    expect(await pages.isVisible()).toBe(false);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Audit' }).press('Enter');
    await page.waitForURL('**/audit.html');
    await page.setViewportSize({ width: 1400, height: 900 });
    expect(await pages.isVisible()).toBe(true);
    expect(await page.getByRole('button', { name: 'Pages' }).isVisible()).toBe(false);
    await page.context().close();
  });

  test('a wide table scrolls inside of itself', async () => {
    const { page } = await open(fromDisk(), 'audit', PHONE);
    const table = page.locator('.table').nth(1);
    const left = () => table.evaluate((it) => it.scrollLeft);
    await table.focus();
    expect(await left()).toBe(0);
    await page.keyboard.press('ArrowRight');
    await expect.poll(left).toBeGreaterThan(0);
    await page.context().close();
  });
});

test('a heading that a link leads to is not under the header', async () => {
  const { page } = await open(fromDisk(), 'security');
  await page.getByRole('navigation', { name: 'On this page' }).getByRole('link', { name: 'Secrets' }).click();
  const top = await page.locator('#secrets').evaluate((it) => it.getBoundingClientRect().top);
  const header = await page.locator('header').evaluate((it) => it.getBoundingClientRect().bottom);
  expect(top).toBeGreaterThanOrEqual(header);
  await page.context().close();
});

test('on paper there is the text, whole and alone', async () => {
  const { page } = await open(fromDisk(), 'alerts', { viewport: { width: 700, height: 900 } });
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  for (const it of ['header', '#pages', '.neighbours'])
    expect(await page.locator(it).isVisible(), it).toBe(false);
  expect(await page.locator('h1').isVisible()).toBe(true);
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
    'rgb(255, 255, 255)',
  );
  const wide = () =>
    [...document.querySelectorAll('pre, .table')].filter((it) => it.scrollWidth > it.clientWidth).length;
  for (const name of PAGES) {
    await page.goto(`${fromDisk()}${name}.html`);
    expect(await page.evaluate(wide), name).toBe(0);
  }
  await page.context().close();
});

test('a script that got into a page would not run, nor one that asks anybody', async () => {
  const { page, complaints } = await open(fromHost(), 'index');
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'document.title = "ran"';
    const picture = document.createElement('img');
    picture.src = 'http://127.0.0.1:9/told';
    picture.alt = '';
    document.body.append(script, picture);
  });
  // The browser tells of the request, too, that it did not make.
  const refusals = () => complaints.filter((it) => /^console: .*Content Security Policy/s.test(it));
  await expect.poll(() => refusals().length).toBe(2);
  expect(await page.title()).not.toBe('ran');
  await page.context().close();
});
