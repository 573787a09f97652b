import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** Rules that axe finds broken, of those that keep somebody out. */
export async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const it = window as unknown as {
      axe: { run: (options: object) => Promise<{ violations: readonly Violation[] }> };
    };
    interface Violation {
      readonly id: string;
      readonly impact: string;
      readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
    }
    const { violations: found } = await it.axe.run({ resultTypes: ['violations'] });
    return found
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)} ${nodes[0]?.failureSummary}`);
  });
}

/** What is wider than the page, or cut: texts whose box is too small, unless they say so with an ellipsis. */
export function cut(): readonly string[] {
  const isWide = document.documentElement.scrollWidth > innerWidth;
  const beyond = [...document.querySelectorAll('main *')].filter(
    (it) => it.getBoundingClientRect().right > innerWidth + 1,
  );
  const wide = isWide ? ['the page', ...beyond.map((it) => it.outerHTML.slice(0, 100)).slice(0, 5)] : [];
  const texts = [
    ...document.querySelectorAll<HTMLElement>('h1, h2, p, dd, dt, td, li, a, button, label, .tier, .mark'),
  ];
  const isCut = (it: HTMLElement) => {
    const { overflowX, textOverflow } = getComputedStyle(it);
    return (
      it.scrollWidth > it.clientWidth + 1 &&
      it.clientWidth > 1 &&
      overflowX !== 'visible' &&
      textOverflow !== 'ellipsis'
    );
  };
  return [...wide, ...texts.filter(isCut).map((it) => it.outerHTML.slice(0, 120))];
}
