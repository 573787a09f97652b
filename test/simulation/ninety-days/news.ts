import { criticalIds } from './pool.ts';
import type { MovingRegistry, Pushed } from './registry.ts';
import type { Source } from './team.ts';

/** A critical finding that a scan brought to a reference that people follow. */
interface News {
  readonly id: string;
  readonly digest: string;
  readonly scannedMs: number;
  namedMs?: number;
}

/** What was new, by the history alone: nothing of the code that decides has a part in it. */
export interface NewsDesk {
  /** A subject is scanned, the last of its platforms just now. */
  readonly scanned: (pushed: Pushed, nowMs: number) => void;
  /** A message arrived that names the image and has this text. */
  readonly named: (digest: string, text: string, nowMs: number) => void;
  readonly all: readonly News[];
}

export function newsDesk(registry: MovingRegistry): NewsDesk {
  const before = new Map<Source, { latest?: readonly string[]; newest?: readonly string[] }>();
  const open = new Map<string, News[]>();
  const all: News[] = [];
  return {
    all,
    scanned(pushed, nowMs) {
      const seen = before.get(pushed.source) ?? {};
      before.set(pushed.source, seen);
      const ids = criticalIds(pushed.findings);
      const isLatest = registry.isLatest(pushed);
      const isNewest = registry.isNewest(pushed);
      // An image under `latest` is followed under that name, every other while it is the newest push.
      const known = isLatest ? (seen.latest ?? []) : isNewest ? (seen.newest ?? []) : ids;
      const { digest } = pushed.image;
      for (const id of ids.filter((it) => !known.includes(it))) {
        const news = { id, digest, scannedMs: nowMs };
        all.push(news);
        open.set(digest, [...(open.get(digest) ?? []), news]);
      }
      if (isLatest) seen.latest = ids;
      if (isNewest) seen.newest = ids;
    },
    named(digest, text, nowMs) {
      const waiting = open.get(digest) ?? [];
      for (const news of waiting) if (text.includes(news.id)) news.namedMs ??= nowMs;
      const left = waiting.filter(({ namedMs }) => namedMs === undefined);
      if (left.length > 0) open.set(digest, left);
      else open.delete(digest);
    },
  };
}
