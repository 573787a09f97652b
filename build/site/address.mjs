import { posix } from 'node:path';

/**
 * Where a file or a folder of the repository is in the site: `docs/runbook.md` → `runbook.html`, `docs/schemas` →
 * `schemas/index.html`, a picture where it was. Pages beside `docs` are in lower case.
 *
 * @param {string} path in the repository, with forward slashes
 * @returns {string} in the site
 */
export function addressOf(path) {
  const inSite = path.startsWith('docs/') ? path.slice('docs/'.length) : path.toLowerCase();
  if (inSite === 'README.md') return 'index.html';
  if (inSite.endsWith('.md')) return inSite.replace(/\.md$/, '.html');
  return posix.extname(inSite) ? inSite : posix.join(inSite, 'index.html');
}

/**
 * How one page of the site names another: relative, so that it works from a disk and under any path of a host.
 *
 * @param {string} from
 * @param {string} to
 */
export function relative(from, to) {
  return posix.relative(posix.dirname(from), to);
}

/**
 * The path in the repository that a link of a page means, and the anchor behind it; undefined for another host.
 *
 * @param {string} file the page's path in the repository
 * @param {string} href
 * @returns {{ readonly path: string, readonly anchor: string } | undefined}
 * @throws {Error} for what is neither a path nor an address of the web or of mail
 */
export function linked(file, href) {
  if (/^(https?|mailto):/.test(href)) return undefined;
  if (/^[a-z][a-z+.-]*:|^\//i.test(href))
    throw new Error(`${file}: ${href} is no address that a page may have`);
  const [path = '', anchor = ''] = href.split('#').map(decodeURIComponent);
  const whole = path === '' ? file : posix.join(posix.dirname(file), path);
  return { path: whole.replace(/\/$/, ''), anchor };
}
