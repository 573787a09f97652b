import { criticalIds } from './pool.ts';
import type { MovingRegistry, Pushed } from './registry.ts';
import type { Source } from './team.ts';

/** A critical finding that a scan brought to a reference that people follow. */
interface News {
  readonly id: string;
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
  /** A message about a repository of this name arrived, with this text: whichever of its images it is about. */
  readonly named: (repository: string, text: string, nowMs: number) => void;
  readonly all: readonly News[];
}

/** A message about a repository. */
interface Said {
  readonly text: string;
  readonly atMs: number;
}

/** The first platform of an index may bring a finding into a message before the last one is scanned. */
const LATELY_MS = 60_000;

function toNews(id: string, scannedMs: number, isSaid: boolean): News {
  return { id, scannedMs, ...(isSaid && { namedMs: scannedMs }) };
}

export function newsDesk(registry: MovingRegistry): NewsDesk {
  const before = new Map<Source, Known>();
  const waiting = new Map<string, News[]>();
  const recent = new Map<string, readonly Said[]>();
  const all: News[] = [];
  const saidLately = (name: string, nowMs: number) =>
    (recent.get(name) ?? []).filter(({ atMs }) => atMs > nowMs - LATELY_MS);
  return {
    all,
    scanned(pushed, nowMs) {
      const { source } = pushed;
      const seen = before.get(source) ?? {};
      const ids = criticalIds(pushed.findings);
      const known = knownOf(seen, pushed, registry) ?? ids;
      const { name } = source.repository;
      const said = saidLately(name, nowMs);
      const news = ids
        .filter((id) => !known.includes(id))
        .map((id) =>
          toNews(
            id,
            nowMs,
            said.some(({ text }) => text.includes(id)),
          ),
        );
      all.push(...news);
      waiting.set(name, [
        ...(waiting.get(name) ?? []),
        ...news.filter(({ namedMs }) => namedMs === undefined),
      ]);
      before.set(source, {
        ...seen,
        ...(registry.isLatest(pushed) && { latest: ids }),
        ...(registry.isNewest(pushed) && { newest: ids }),
      });
    },
    named(name, text, nowMs) {
      recent.set(name, [...saidLately(name, nowMs), { text, atMs: nowMs }]);
      const news = waiting.get(name) ?? [];
      for (const it of news) if (text.includes(it.id)) it.namedMs ??= nowMs;
      waiting.set(
        name,
        news.filter(({ namedMs }) => namedMs === undefined),
      );
    },
  };
}
