import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser of the tests: that of `CHROMIUM`, or Debian's. Throws an Error that says how to get one. */
export function chromiumFile(): string {
  const found = [process.env.CHROMIUM ?? '', ...PLACES].find(isThere);
  if (found) return found;
  throw new Error('no Chromium: apt-get install chromium, or say where one is with CHROMIUM=/path');
}

/** Installs Debian's where there is none and this process may. */
export function prepareChromium(): void {
  if ([process.env.CHROMIUM ?? '', ...PLACES].some(isThere)) return;
  const isRoot = process.getuid?.() === 0;
  if (isRoot && isThere('/usr/bin/apt-get'))
    execFileSync(
      'apt-get',
      ['install', '--yes', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'],
      {
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    );
  chromiumFile();
}

function isThere(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return file !== '';
  } catch {
    return false;
  }
}
