import type { BrowserContextOptions, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { consoleOver } from './console.ts';
import { cut, violations } from './judge.ts';
import { colours } from './picture.ts';
import { NEW_CVE, recordDemo } from './scene.ts';

const { open } = consoleOver(recordDemo);

const VIEWS: Readonly<Record<string, string>> = {
  home: '#/',
  tag: '#/ask/demo-api%3Alatest',
  diff: '#/diff/demo-api%3Alatest~9/demo-api%3Alatest',
  finding: `#/cve/${NEW_CVE}`,
  service: '#/ask/prod%2Fcheckout',
  several: '#/ask/web%2Fshop%3Alatest',
  incomplete: '#/ask/young-api%3Alatest',
  missing: '#/ask/nothing%3Alatest',
  refused: '#/ask/%3C%3E',
};
const FORMS: Readonly<Record<string, BrowserContextOptions>> = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  phone: { viewport: { width: 360, height: 740 }, hasTouch: true },
};
const ALL = Object.entries(VIEWS).flatMap(([view, path]) =>
  Object.entries(FORMS).map(([form, options]) => ({ view, form, path, options })),
);

/** Until the counts of the rows that are seen have come. */
async function whole(page: Page): Promise<void> {
  const isWhole = () =>
    [...document.querySelectorAll('.found')].every((it) => !it.textContent?.startsWith('…'));
  await page.waitForFunction(isWhole);
}

describe.each(ALL)('$view, $form', ({ path, options }) => {
  test('keeps nobody out, and nothing is cut', async () => {
    const { page, complaints } = await open(path, options);
    await whole(page);
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(cut)).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

// Pictures are compared by what does not depend on the fonts of one machine: which colours cover how much of them, and
// where things are in one picture against another of the same machine.
describe('the pictures', () => {
  test.each(Object.entries(VIEWS))('%s: dark is the same page on another paper', async (_, path) => {
    const [light, dark] = await Promise.all(
      [FORMS.light, FORMS.dark].map(async (options) => {
        const { page } = await open(path, options);
        await whole(page);
        const boxes = await page
          .locator('main *:not(svg *)')
          .evaluateAll((all) =>
            all
              .map((it) => it.getBoundingClientRect())
              .map(({ x, y, width, height }) => [x, y, width, height].map(Math.round)),
          );
        const picture = await colours(page, await page.screenshot());
        await page.context().close();
        return { boxes, picture };
      }),
    );
    expect(dark?.boxes).toEqual(light?.boxes);
    expect(light?.picture.lightness).toBeGreaterThan(0.85);
    expect(dark?.picture.lightness).toBeLessThan(0.25);
    // More than paper and sheet: something is written on it, and not all over it.
    for (const it of [light, dark]) {
      expect(it?.picture.commonest).toBeGreaterThan(0.4);
      expect(it?.picture.commonest).toBeLessThan(0.995);
    }
  });

  test.each(['light', 'dark'] as const)('the time line, %s: every part of it is seen', async (form) => {
    const { page } = await open(VIEWS.tag ?? '', FORMS[form]);
    await whole(page);
    await page.getByRole('row').nth(1).click();
    const chart = page.locator('.chart-frame');
    const picture = await colours(page, await chart.screenshot());
    const seen = (name: string) => picture.share(name);
    for (const name of [
      '--verified-fill',
      '--claimed-fill',
      '--tag-fill',
      '--run',
      '--bar-critical',
      '--bar-high',
      '--bar-low',
      '--critical',
    ])
      expect(await seen(name), name).toBeGreaterThan(0.0002);
    expect(await seen('--verified-fill')).toBeLessThan(0.4);
  });

  test('on paper there are no buttons', async () => {
    const { page } = await open(VIEWS.tag ?? '');
    await page.emulateMedia({ media: 'print' });
    for (const selector of ['header', '.presets', '.compare'])
      expect(await page.locator(selector).isVisible()).toBe(false);
    expect(await page.locator('.chart').isVisible()).toBe(true);
  });
});
