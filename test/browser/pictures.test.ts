import { readFileSync, writeFileSync } from 'node:fs';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { consoleOver } from './console.ts';
import { colours } from './picture.ts';
import { recordDemo } from './scene.ts';

const { open } = consoleOver(recordDemo);
const PAPERS = [
  '--paper',
  '--sheet',
  '--verified-fill',
  '--claimed-fill',
  '--tag-fill',
  '--run',
  '--bar-critical',
];
const PICTURES: readonly (readonly [string, BrowserContextOptions, string])[] = [
  ['time-line', { viewport: { width: 820, height: 520 } }, '.timeline'],
  ['phone', { viewport: { width: 360, height: 720 }, colorScheme: 'dark' }, 'header'],
];

const OVERVIEW_PAPERS = [
  '--paper',
  '--sheet',
  '--bar-critical',
  '--bar-high',
  '--bar-medium',
  '--verified-fill',
];

// `DOCS_PICTURES=1 npm run test:browser` makes them anew. Otherwise they are held against the page by their size and by
// how much of each colour of ours they have: letters of another font move a little of that, another page a lot.
test.each(PICTURES)('docs/console/%s.png is of this page', async (name, options, top) => {
  const file = `docs/console/${name}.png`;
  const { page } = await open('#/ask/demo-api%3Alatest', options);
  await page.waitForFunction(() => document.querySelectorAll('.chart .fill-critical').length > 0);
  await page.getByRole('row').nth(1).click();
  await page.getByRole('row').nth(3).click();
  await page.locator(top).evaluate((it) => scrollTo(0, it.getBoundingClientRect().top + scrollY - 8));
  await page.mouse.move(0, 0);
  await expectPicture(page, file, PAPERS);
});

test('docs/console/overview.png is of this page', async () => {
  const { page } = await open('#/', { viewport: { width: 1030, height: 372 } });
  await page.locator('.audit').evaluate((it) => scrollTo(0, it.getBoundingClientRect().top + scrollY - 12));
  await expectPicture(page, 'docs/console/overview.png', OVERVIEW_PAPERS);
});

async function expectPicture(page: Page, file: string, papers: readonly string[]): Promise<void> {
  const now = await page.screenshot();
  if (process.env.DOCS_PICTURES) writeFileSync(file, now);
  const kept = readFileSync(file);
  expect(kept.length).toBeLessThanOrEqual(80_000);
  const [one, other] = [await colours(page, kept), await colours(page, now)];
  expect(one.size).toEqual(other.size);
  expect(Math.abs(one.lightness - other.lightness)).toBeLessThan(0.03);
  for (const paper of papers) {
    const difference = Math.abs((await one.share(paper)) - (await other.share(paper)));
    expect(difference, paper).toBeLessThan(paper === '--paper' || paper === '--sheet' ? 0.1 : 0.01);
  }
}
