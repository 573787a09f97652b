import { prepareChromium } from './chromium.ts';

/** Before all: without a browser nothing here says anything. */
export function setup(): void {
  prepareChromium();
}
