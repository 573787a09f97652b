import type { Page } from 'playwright-core';

interface Picture {
  readonly size: readonly number[];
  /** From 0 to 1, on the average. */
  readonly lightness: number;
  /** How much of it has the colour that most of it has. */
  readonly commonest: number;
  /** How much of it has the colour that the style sheet calls so. */
  readonly share: (name: string) => Promise<number>;
}

/** What a picture is made of; the browser itself reads it, on a page without a policy. */
export async function colours(page: Page, png: Buffer): Promise<Picture> {
  const reader = await page.context().newPage();
  const { found: counts, size } = await reader.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (it) => it.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    const found: Record<string, number> = {};
    for (let at = 0; at < data.length; at += 4) {
      const key = `${data[at]},${data[at + 1]},${data[at + 2]}`;
      found[key] = (found[key] ?? 0) + 1;
    }
    return { found, size: [bitmap.width, bitmap.height] };
  }, png.toString('base64'));
  await reader.close();
  const entries = Object.entries(counts).map(([key, count]) => ({ rgb: key.split(',').map(Number), count }));
  const total = entries.reduce((sum, { count }) => sum + count, 0);
  const light = entries.reduce(
    (sum, { rgb, count }) => sum + (rgb.reduce((a, b) => a + b, 0) / 765) * count,
    0,
  );
  return {
    size,
    lightness: light / total,
    commonest: Math.max(...entries.map(({ count }) => count)) / total,
    async share(name) {
      const wanted = hexOf(await colourOf(page, name));
      const isNear = (rgb: readonly number[]) =>
        rgb.every((it, nth) => Math.abs(it - (wanted[nth] ?? 0)) <= 14);
      return entries.reduce((sum, { rgb, count }) => sum + (isNear(rgb) ? count : 0), 0) / total;
    },
  };
}

function colourOf(page: Page, name: string): Promise<string> {
  return page.evaluate((it) => getComputedStyle(document.documentElement).getPropertyValue(it).trim(), name);
}

function hexOf(hex: string): readonly number[] {
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
}
