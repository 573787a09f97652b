/** A time as a clock on the wall shows it, without a zone: milliseconds as if it were UTC. */
export type WallMs = number;

/** One instant at which a clock in a zone shows a time; the offset is what the zone is ahead of UTC. */
export interface WallReading {
  readonly epochMs: number;
  readonly offsetMs: number;
}

/** The zone of the caller's clock: `TZ`, or what the machine is set to. */
export function callerZone(): string {
  // A TZ that names no zone has none here, and Node then counts in UTC.
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions() as { timeZone?: string };
  return timeZone ?? 'UTC';
}

/** Every instant at which a clock in the zone shows this time, the earlier first: one, two, or none. */
export function readingsOf(wall: WallMs, zone: string): readonly WallReading[] {
  const offsets = new Set(around(wall).map((epochMs) => offsetAt(epochMs, zone)));
  return [...offsets]
    .map((offsetMs) => ({ epochMs: wall - offsetMs, offsetMs }))
    .filter(({ epochMs, offsetMs }) => offsetAt(epochMs, zone) === offsetMs)
    .sort((a, b) => a.epochMs - b.epochMs);
}

/** The change of the zone's clocks that leaves a time out: the first instant after it; call it only where there is one. */
export function gapAt(wall: WallMs, zone: string): { readonly epochMs: number; readonly forwardMs: number } {
  const [early = wall, late = wall] = [around(wall)[0], around(wall).at(-1)];
  let [before, after] = [early, late];
  const old = offsetAt(before, zone);
  while (after - before > 1000) {
    const middle = Math.floor((before + after) / 2000) * 1000;
    if (offsetAt(middle, zone) === old) before = middle;
    else after = middle;
  }
  return { epochMs: after, forwardMs: offsetAt(after, zone) - old };
}

/** What a clock in the zone shows at an instant. */
export function wallAt(epochMs: number, zone: string): WallMs {
  return epochMs + offsetAt(epochMs, zone);
}

/** The zone's name at an instant, as people write it: `CET`, `GMT+9`. */
export function zoneNameAt(epochMs: number, zone: string): string {
  const locale = zone.startsWith('Europe/') ? 'en-GB' : 'en';
  const parts = formatter(zone, { timeZoneName: 'short' }, locale).formatToParts(epochMs);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'UTC';
}

/** No zone is more than 14 hours from UTC, and none changes twice in three days. */
function around(wall: WallMs): readonly number[] {
  const dayMs = 86_400_000;
  return [wall - dayMs, wall, wall + dayMs].map((it) => Math.floor(it / 1000) * 1000);
}

function offsetAt(epochMs: number, zone: string): number {
  const wholeSecond = Math.floor(epochMs / 1000) * 1000;
  const parts = formatter(zone, FIELDS).formatToParts(wholeSecond);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = ORDER.map((name) =>
    Number(parts.find(({ type }) => type === name)?.value),
  );
  return Date.UTC(year, month - 1, day, hour, minute, second) - wholeSecond;
}

const ORDER = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;
const FIELDS: Intl.DateTimeFormatOptions = {
  ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
  ...{ hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' },
};

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Making one takes a hundred times as long as using it. */
function formatter(zone: string, options: Intl.DateTimeFormatOptions, locale = 'en-US') {
  const key = `${zone} ${locale} ${options.timeZoneName ?? ''}`;
  const known = formatters.get(key) ?? new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
  formatters.set(key, known);
  return known;
}
