import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { consoleOver, settled } from './console.ts';
import { recordDemo } from './scene.ts';

const { open } = consoleOver(recordDemo);

/** What has the focus, and whether anybody can see that. */
function focused(page: Page) {
  return page.evaluate(() => {
    const it = document.activeElement as HTMLElement;
    const { outlineStyle, outlineWidth } = getComputedStyle(it);
    const isSeen = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
    return {
      name: it.getAttribute('aria-label') ?? it.textContent ?? '',
      tag: it.tagName,
      role: it.getAttribute('role'),
      isSeen,
    };
  });
}

/** What Enter leads to; a busy machine may take a while until the address is another one. */
async function enter(page: Page, address: RegExp): Promise<void> {
  await page.keyboard.press('Enter');
  await page.waitForURL(address);
  await settled(page);
}

async function tabTo(
  page: Page,
  is: (it: Awaited<ReturnType<typeof focused>>) => boolean,
  key = 'Tab',
): Promise<void> {
  for (let tries = 0; tries < 40; tries += 1) {
    await page.keyboard.press(key);
    const it = await focused(page);
    expect(it.isSeen, `the focus on ${it.tag} ${it.name}`).toBe(true);
    if (is(it)) return;
  }
  throw new Error('Tab does not lead there');
}

test('from the question to the difference without a mouse, and the focus is always seen', async () => {
  const { page, complaints } = await open('#/');
  await page.keyboard.press('/');
  await page.keyboard.type('demo-api:latest');
  await enter(page, /#\/ask\//);
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
  await tabTo(page, ({ role }) => role === 'group');
  const label = () => page.locator('.chart').getAttribute('aria-label');
  const all = await label();
  for (const key of ['+', '+', '+', 'ArrowLeft']) await page.keyboard.press(key);
  expect(await label()).not.toBe(all);
  await tabTo(page, ({ role }) => role === 'row');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await page.keyboard.press('End');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-rowindex'))).toBe('16');
  await page.keyboard.press('Space');
  expect(await page.locator('[aria-selected="true"]').count()).toBeGreaterThan(0);
  await tabTo(page, ({ name }) => name.startsWith('Compare'), 'Shift+Tab');
  await enter(page, /#\/diff\//);
  expect(await page.locator('h1').textContent()).toBe('What changed');
  await page.goBack();
  await page.waitForURL(/#\/ask\//);
  await settled(page);
  expect(await page.locator('h1').textContent()).toBe('demo-api:latest');
  expect(complaints).toEqual([]);
});

test('Enter opens the image of a row; arrows, pages and ends lead through the list', async () => {
  const { page } = await open('#/ask/demo-api%3Alatest');
  const row = () => page.evaluate(() => Number(document.activeElement?.getAttribute('aria-rowindex')));
  await page.getByRole('row').first().focus();
  const seen: number[] = [];
  for (const key of ['ArrowDown', 'PageDown', 'End', 'ArrowDown', 'Home', 'ArrowUp']) {
    await page.keyboard.press(key);
    seen.push(await row());
  }
  expect(seen[0]).toBe(2);
  expect(seen[1]).toBeGreaterThan(5);
  expect(seen.slice(2)).toEqual([16, 16, 1, 1]);
  await enter(page, /%40sha256|@sha256/);
  expect(await page.locator('h1').textContent()).toBe('demo-api');
});

test('the first Tab leads past the head of the page', async () => {
  const { page } = await open('#/');
  await page.keyboard.press('Tab');
  expect(await focused(page)).toMatchObject({ name: 'To the answer', isSeen: true });
});
