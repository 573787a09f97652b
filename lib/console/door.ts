import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What the server needs to know of a request before it looks at what is asked. */
export interface Knock {
  readonly method: string;
  /** As it came: with the token in front and the query behind. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
}

export interface Door {
  readonly port: number;
  /** Only who was given the address knows it; it stands in front of every path. */
  readonly token: string;
}

/** Who may come in, and where to; or the status that says why not. */
export type Entry = { readonly url: URL } | { readonly status: 403 | 404 | 405 | 421 };

/**
 * Lets in who was given the address, and no page of another site that the same browser shows: a name that was led to
 * this machine (DNS rebinding) is told by `Host`, a request that another page makes by the browser's own headers.
 * https://w3c.github.io/webappsec-fetch-metadata/
 */
export function enter({ method, target, headers }: Knock, { port, token }: Door): Entry {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (!hosts.includes(headers.host ?? '')) return { status: 421 };
  if (method !== 'GET') return { status: 405 };
  const { origin } = headers;
  if (origin !== undefined && !hosts.some((host) => origin === `http://${host}`)) return { status: 403 };
  const url = URL.canParse(target, 'http://console') ? new URL(target, 'http://console') : undefined;
  const [, first = '', ...rest] = url?.pathname.split('/') ?? [];
  if (!url || !isSame(first, token)) return { status: 404 };
  url.pathname = `/${rest.join('/')}`;
  return isFromElsewhere(headers, url.pathname) ? { status: 403 } : { url };
}

/** The page itself may be opened from anywhere, as from a terminal in a browser; its parts by itself alone. */
function isFromElsewhere(headers: IncomingHttpHeaders, path: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return false;
  const isOpened = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  return !(path === '/' && isOpened);
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
