/** A time as a clock on the wall shows it, without a zone: milliseconds as if it were UTC. */
export type WallMs = number;

/** One instant at which a clock in a zone shows a time; the offset is what the zone is ahead of UTC. */
export interface WallReading {
  readonly epochMs: number;
  readonly offsetMs: number;
}

/** True for a time zone that this process knows, as `Europe/Berlin` or `UTC`. */
export function isZone(name: string): boolean {
  try {
    formatterOf(name);
    return true;
  } catch {
    return false;
  }
}

/** Every instant at which a clock in the zone shows this time, the earlier first: one, two, or none. */
export function readingsOf(wall: WallMs, zone: string): readonly WallReading[] {
  const offsets = new Set([-DAY_MS, 0, DAY_MS].map((it) => offsetAt(wall + it, zone)));
  return [...offsets]
    .map((offsetMs) => ({ epochMs: wall - offsetMs, offsetMs }))
    .filter(({ epochMs, offsetMs }) => offsetAt(epochMs, zone) === offsetMs)
    .sort((a, b) => a.epochMs - b.epochMs);
}

/** The change of the zone's clocks that leaves a time out: the first instant after it; call it only where there is one. */
export function gapAt(wall: WallMs, zone: string): { readonly epochMs: number; readonly forwardMs: number } {
  const before = wall - DAY_MS;
  const epochMs = changeBetween(before, wall + DAY_MS, zone) ?? wall;
  return { epochMs, forwardMs: offsetAt(epochMs, zone) - offsetAt(before, zone) };
}

/**
 * The first instant after which the zone's clocks are set otherwise than before; undefined where they are not changed
 * between the two, which are at most three days apart: none changes twice in that time.
 */
export function changeBetween(fromMs: number, toMs: number, zone: string): number | undefined {
  let [before, after] = [wholeSecond(fromMs), wholeSecond(toMs)];
  const old = offsetAt(before, zone);
  if (offsetAt(after, zone) === old) return undefined;
  while (after - before > 1000) {
    const middle = wholeSecond((before + after) / 2);
    if (offsetAt(middle, zone) === old) before = middle;
    else after = middle;
  }
  return after;
}

/** What a clock in the zone shows at an instant. */
export function wallAt(epochMs: number, zone: string): WallMs {
  return epochMs + offsetAt(epochMs, zone);
}

/** No zone is more than 14 hours from UTC. */
const DAY_MS = 86_400_000;

function wholeSecond(epochMs: number): number {
  return Math.floor(epochMs / 1000) * 1000;
}

function offsetAt(epochMs: number, zone: string): number {
  const second = wholeSecond(epochMs);
  const parts = formatterOf(zone).formatToParts(second);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, inMinute = 0] = ORDER.map((name) =>
    Number(parts.find(({ type }) => type === name)?.value),
  );
  return Date.UTC(year, month - 1, day, hour, minute, inMinute) - second;
}

const ORDER = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;
const FIELDS: Intl.DateTimeFormatOptions = {
  ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
  ...{ hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' },
};

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Making one takes a hundred times as long as using it. Throws RangeError for what is no zone. */
function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone) ?? new Intl.DateTimeFormat('en-US', { ...FIELDS, timeZone: zone });
  formatters.set(zone, known);
  return known;
}
