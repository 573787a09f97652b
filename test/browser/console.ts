import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { cliFile, environmentOf } from '../doubles/cli.ts';
import { startConsole } from '../doubles/console.ts';
import { startTables, type Tables } from '../doubles/dynamodb.ts';
import { chromiumFile } from './chromium.ts';
import { NOW } from './world.ts';

export interface Opened {
  readonly page: Page;
  /** What the browser complained of: errors, refusals by the policy, and requests to anywhere else. */
  readonly complaints: readonly string[];
}

/**
 * The packaged console as its own process over tables that `record` has filled, and a browser for it; both are there as
 * long as the test file runs.
 */
export function consoleOver(record: (tables: Tables) => Promise<void>) {
  const file = cliFile();
  let tables: Tables;
  let server: Awaited<ReturnType<typeof startConsole>>;
  let browser: Browser;
  beforeAll(async () => {
    tables = await startTables();
    await record(tables);
    server = await startConsole(file(), environmentOf(tables));
    browser = await chromium.launch({ executablePath: chromiumFile(), args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    await tables?.close();
  });
  return {
    url: () => server.url,
    tables: () => tables,
    open: (path: string, options?: BrowserContextOptions) => openPage(browser, server.url, path, options),
  };
}

/** Opens a view, waits until nothing is asked any more, and watches what should never happen. */
async function openPage(
  browser: Browser,
  url: string,
  path: string,
  options: BrowserContextOptions = {},
): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
  const page = await context.newPage();
  await page.clock.setFixedTime(NOW);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // An answer that is no 200 is told there too, and it is an answer.
    const isAnswer = /^Failed to load resource: .* (404|400|300|502)/.test(message.text());
    if (message.type() === 'error' && !isAnswer) complaints.push(`console: ${message.text()}`);
  });
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(url)) complaints.push(`request: ${request.url()}`);
  });
  await page.goto(`${url}${path}`);
  await settled(page);
  return { page, complaints };
}

/** Waits until what the address says is there. */
export async function settled(page: Page): Promise<void> {
  const isShown = () => {
    const { hash } = location;
    const shown = document.getElementById('main')?.dataset.shown;
    return shown === (hash || '#/');
  };
  await page.waitForFunction(isShown);
}
