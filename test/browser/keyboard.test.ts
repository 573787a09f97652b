import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { RepositoryState } from '../../lib/lookup/repository-state.ts';
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

/** Holds back what is asked for at such addresses, until it is let go; then the answer is the console's, or another. */
async function holdBack(page: Page, address: RegExp, json?: object) {
  const [asked, released] = [signal(), signal()];
  await page.route(address, async (route) => {
    asked.give();
    await released.given;
    await (json ? route.fulfill({ json }) : route.continue());
  });
  return { asked: asked.given, letGo: released.give };
}

function signal() {
  let give = () => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give };
}

describe('while answers are still arriving, the focus stays', () => {
  const DETAILS = /\/api\/history\?.*details=true/;
  const areThere = (page: Page) =>
    page.waitForFunction(() => !document.querySelector('.moves .found .quiet'));

  const rowOfFocus = (page: Page) =>
    page.evaluate(() => {
      const it = document.activeElement;
      return `${it?.closest('[role="row"]')?.getAttribute('aria-rowindex')} ${it?.tagName}`;
    });

  /** The time line, of whose images nothing is known yet. */
  async function early() {
    const { page } = await open('#/');
    const held = await holdBack(page, DETAILS);
    await page.goto(`${page.url().split('#')[0]}#/ask/demo-api%3Alatest`);
    await settled(page);
    await held.asked;
    return { page, held };
  }

  test('on the link that compares two', async () => {
    const { page, held } = await early();
    await page.getByRole('row').first().focus();
    for (const key of ['Space', 'ArrowDown', 'Space']) await page.keyboard.press(key);
    await tabTo(page, ({ name }) => name.startsWith('Compare'), 'Shift+Tab');
    const { name } = await focused(page);
    held.letGo();
    await areThere(page);
    expect((await focused(page)).name).toBe(name);
    await enter(page, /#\/diff\//);
  });

  test('on a row, wherever the list was scrolled meanwhile', async () => {
    const { page, held } = await early();
    await page.getByRole('row').first().focus();
    await page.getByRole('grid').evaluate((it) => it.scrollTo(0, it.scrollHeight));
    await page.waitForSelector('[aria-rowindex="16"]');
    held.letGo();
    await areThere(page);
    expect(await rowOfFocus(page)).toBe('1 DIV');
    await page.keyboard.press('ArrowDown');
    expect(await rowOfFocus(page)).toBe('2 DIV');
  });

  test('on the link in a row', async () => {
    const { page, held } = await early();
    await page.getByRole('row').nth(2).getByRole('link').focus();
    held.letGo();
    await areThere(page);
    expect(await rowOfFocus(page)).toBe('3 A');
  });

  test.each([
    ['link', 'A', (page: Page) => page.getByRole('link', { name: 'prod/storefront' })],
    ['filter', 'BUTTON', (page: Page) => page.locator('.chip').last()],
  ] as const)('on a %s of the overview, though rows come above it', async (_, tag, find) => {
    const { page } = await open('#/ask/nothing%3Alatest');
    const all = await page.evaluate(() => fetch('api/repositories?').then((it) => it.json()));
    const isFirst = ({ repository: { name } }: RepositoryState) => name.startsWith('web/');
    const part = (is: boolean) => all.repositories.filter((it: RepositoryState) => isFirst(it) === is);
    const held = await holdBack(page, /\/api\/repositories\?after=/, { ...all, repositories: part(false) });
    const json = { ...all, repositories: part(true), next: 'n.' };
    await page.route('**/api/repositories?', (route) => route.fulfill({ json }));
    await page.goto(`${page.url().split('#')[0]}#/`);
    await settled(page);
    await held.asked;
    await find(page).focus();
    const style = () => page.evaluate(() => document.activeElement?.className);
    const before = await style();
    held.letGo();
    await page.waitForFunction(
      (most) => document.querySelectorAll('.repos > .repo').length === most,
      all.repositories.length,
    );
    expect([(await focused(page)).tag, await style()]).toEqual([tag, before]);
  });
});
