/**
 * Datadog's metric monitor, as far as its documents say and this project needs: one query of the form
 * `max(last_<n>m):max:<metric>{<tag>} by {<tags>} >= <threshold>`, without no-data notification.
 * https://docs.datadoghq.com/monitors/configuration/ · https://docs.datadoghq.com/monitors/types/metric/
 */
export interface MonitorQuery {
  readonly windowMinutes: number;
  readonly timeAggregation: 'max' | 'min';
  readonly metric: string;
  readonly filter: string;
  readonly by: readonly string[];
  readonly threshold: number;
}

/** One series as it arrives: what `POST /api/v2/series` takes. */
export interface Series {
  readonly metric: string;
  readonly tags?: readonly string[] | undefined;
  readonly points: readonly {
    readonly timestamp?: number | undefined;
    readonly value?: number | undefined;
  }[];
}

/** What people are told. */
interface Transition {
  readonly atMs: number;
  readonly group: string;
  readonly to: 'alert' | 'ok' | 'dropped';
}

export interface Monitor {
  /** Takes points; those older than an hour are dropped behind a 202, as the intake does. */
  submit(series: readonly Series[], nowMs: number): void;
  /** One evaluation; Datadog evaluates a window of minutes every minute. */
  evaluate(nowMs: number): void;
  readonly transitions: readonly Transition[];
  isAlerting(group: string): boolean;
}

interface Group {
  /** A second point at the same second replaces the first. */
  readonly points: Map<number, number>;
  state: 'ok' | 'alert' | undefined;
  lastPointMs: number;
}

const TOO_OLD_MS = 3_600_000;
/** A group without data is forgotten, and never says that it recovered. */
const DROPPED_AFTER_MS = 24 * 3_600_000;

/** Reads the query; throws for one of another form. */
export function parseQuery(query: string): MonitorQuery {
  const [, time, window, metric = '', filter = '', by = '', threshold] =
    /^(max|min)\(last_(\d+)m\):max:([\w.]+)\{([\w:]+)\} by \{([\w,]+)\} >= (\d+)$/.exec(query) ?? [];
  if (!time) throw new Error(`not a query that this model reads: ${query}`);
  return {
    windowMinutes: Number(window),
    timeAggregation: time as MonitorQuery['timeAggregation'],
    ...{ metric, filter, by: by.split(','), threshold: Number(threshold) },
  };
}

/** A monitor with nothing in it yet. */
export function createMonitor(query: MonitorQuery): Monitor {
  const groups = new Map<string, Group>();
  const transitions: Transition[] = [];
  return {
    transitions,
    isAlerting: (group) => groups.get(group)?.state === 'alert',
    submit(series, nowMs) {
      for (const { metric, tags = [], points } of series) {
        if (metric === query.metric && tags.includes(query.filter)) keep(groups, query, tags, points, nowMs);
      }
    },
    evaluate(nowMs) {
      for (const [name, group] of groups) {
        const to = evaluated(group, query, nowMs);
        if (to === undefined) continue;
        if (to === 'dropped') groups.delete(name);
        transitions.push({ atMs: nowMs, group: name, to });
      }
    },
  };
}

function keep(
  groups: Map<string, Group>,
  { by }: MonitorQuery,
  tags: readonly string[],
  points: Series['points'],
  nowMs: number,
): void {
  const name = by.map((key) => tags.find((tag) => tag.startsWith(`${key}:`)) ?? '').join(',');
  const group = groups.get(name) ?? { points: new Map(), state: undefined, lastPointMs: 0 };
  groups.set(name, group);
  for (const { timestamp = 0, value = 0 } of points) {
    if (nowMs - timestamp * 1000 > TOO_OLD_MS) continue;
    group.points.set(timestamp * 1000, value);
    group.lastPointMs = Math.max(group.lastPointMs, timestamp * 1000);
  }
}

/** What changes in a group; undefined when nothing does. No data in the window: no evaluation, so no change. */
function evaluated(group: Group, query: MonitorQuery, nowMs: number): Transition['to'] | undefined {
  if (nowMs - group.lastPointMs > DROPPED_AFTER_MS) return 'dropped';
  const fromMs = nowMs - query.windowMinutes * 60_000;
  const values = [...group.points]
    .filter(([atMs]) => atMs > fromMs && atMs <= nowMs)
    .map(([, value]) => value);
  if (values.length === 0) return undefined;
  const state = Math[query.timeAggregation](...values) >= query.threshold ? 'alert' : 'ok';
  const { state: before = 'ok' } = group;
  group.state = state;
  return state === before ? undefined : state;
}
