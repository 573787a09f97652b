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

/** What was open on the images that a repository's people followed last. */
interface Known {
  readonly latest?: readonly string[];
  readonly newest?: readonly string[];
}

/**
 * What was open before on what this image stands for: one under `latest` is followed under that name, every other while
 * it is the newest push. Undefined for an image that nobody follows.
 */
function knownOf({ latest, newest }: Known, pushed: Pushed, registry: MovingRegistry) {
  if (registry.isLatest(pushed)) return latest ?? [];
  return registry.isNewest(pushed) ? (newest ?? []) : undefined;
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
  const before = new Map<Source, Known>();
  const open = new Map<string, News[]>();
  const all: News[] = [];
  return {
    all,
    scanned(pushed, nowMs) {
      const seen = before.get(pushed.source) ?? {};
      const ids = criticalIds(pushed.findings);
      const known = knownOf(seen, pushed, registry) ?? ids;
      const { digest } = pushed.image;
      const news = ids.filter((id) => !known.includes(id)).map((id) => ({ id, digest, scannedMs: nowMs }));
      all.push(...news);
      if (news.length > 0) open.set(digest, [...(open.get(digest) ?? []), ...news]);
      before.set(pushed.source, {
        ...seen,
        ...(registry.isLatest(pushed) && { latest: ids }),
        ...(registry.isNewest(pushed) && { newest: ids }),
      });
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
