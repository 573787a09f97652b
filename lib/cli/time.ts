import { AmbiguousTime, BadReference } from '../errors.ts';
import { safeText, untrusted } from '../image/untrusted.ts';
import { type Instant, parseInstant, toInstant } from '../instant.ts';
import { gapAt, readingsOf, type WallMs, wallAt } from '../wall-clock.ts';
import { callerZone, zoneNameAt } from './zone.ts';

const AGO = /^(\d{1,5}) ?(s|sec|seconds?|m|min|minutes?|h|hours?|d|days?|w|weeks?) ago$/;
const UNITS_MS: Readonly<Record<string, number>> = {
  ...{ s: 1000, m: 60_000, h: 3_600_000 },
  ...{ d: 86_400_000, w: 604_800_000 },
};
const CLOCK = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/;
const ZONED = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d)(:\d\d(?:\.\d+)?)? ?(?:(Z|UTC)|([+-]\d\d):?(\d\d))$/;

/** How a time without a zone is read; by default in the caller's, and a time that is there twice is refused. */
export interface Reading {
  readonly zone?: string;
  /** `1` for the first of two, `2` for the second. */
  readonly fold?: string | undefined;
}

/**
 * Reads a time as people type it: RFC 3339, `2026-11-20 03:10`, `yesterday 03:10`, `yesterday` (this time of the day),
 * `3h ago`, `2.hours.ago` as in git, `now`. Throws BadReference with the accepted forms, or with the reason why a
 * clock never showed this time, and AmbiguousTime where it showed it twice.
 */
export function parseTime(text: string, now: Date, { zone = callerZone(), fold }: Reading = {}): Instant {
  // As in git, a dot stands for a space; a decimal point does not.
  const spaced = text.length <= 40 ? text.replace(/\.(?=\D)|(?<=\D)\./g, ' ') : text;
  const fixed = relative(spaced, now) ?? zoned(text);
  if (fixed) return toInstant(fixed);
  const wall = dayAndTime(spaced, now, zone) ?? dateAndTime(text);
  if (wall === undefined) {
    throw new BadReference(
      `not a time: ${JSON.stringify(safeText(untrusted(text), 40))}. Try 2026-11-20T03:10:00Z, "2026-11-20 03:10", "yesterday 03:10" or "3h ago"`,
    );
  }
  return onlyReading(wall, zone, fold);
}

function onlyReading(wall: WallMs, zone: string, fold: string | undefined): Instant {
  const readings = readingsOf(wall, zone).map(({ epochMs }) => toInstant(new Date(epochMs)));
  const [first, second] = readings;
  const shown = `${wallText(wall)} in ${zone}`;
  if (!first) throw new BadReference(`there was no ${shown}: ${leapWords(wall, zone)}`);
  if (!second) return first;
  if (fold !== undefined) return fold === '2' ? second : first;
  const lines = readings.map((it, index) => `  --fold ${index + 1}   ${bothZones(it, zone)}`);
  throw new AmbiguousTime(`the clock showed ${shown} twice; say which:`, lines);
}

function leapWords(wall: WallMs, zone: string): string {
  const { epochMs, forwardMs } = gapAt(wall, zone);
  const from = wallText(wallAt(epochMs, zone) - forwardMs);
  return `at ${from} the clocks went forward by ${forwardMs / 60_000} min, to ${bothZones(toInstant(new Date(epochMs)), zone)}`;
}

/** The instant in the zone and in UTC: in an incident people compare clocks across the world. */
export function bothZones(instant: Instant, zone = callerZone()): string {
  const epochMs = Date.parse(instant);
  const local = wallText(wallAt(epochMs, zone));
  const utc = wallText(epochMs);
  const isSameDay = utc.slice(0, 10) === local.slice(0, 10);
  return `${local} ${zoneNameAt(epochMs, zone)} (${isSameDay ? utc.slice(11) : utc}Z)`;
}

/** How long before `now`, in the two largest units. */
export function ago(instant: Instant, now: Date): string {
  const minutes = Math.floor((now.getTime() - Date.parse(instant)) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48
    ? `${hours} h ${minutes % 60} min ago`
    : `${Math.floor(hours / 24)} d ${hours % 24} h ago`;
}

function relative(text: string, now: Date): Date | undefined {
  if (text === 'now') return now;
  const [, amount, unit = ''] = AGO.exec(text) ?? [];
  return amount ? new Date(now.getTime() - Number(amount) * (UNITS_MS[unit.charAt(0)] ?? 0)) : undefined;
}

/** With its zone in it: RFC 3339, and how this program prints UTC. */
function zoned(text: string): Date | undefined {
  const [, day = '', time, seconds = ':00', utc, hours = '', minutes = ''] = ZONED.exec(text) ?? [];
  if (!time || !isDay(day)) return undefined;
  try {
    return new Date(parseInstant(`${day}T${time}${seconds}${utc ? 'Z' : `${hours}:${minutes}`}`));
  } catch {
    return undefined;
  }
}

function dayAndTime(text: string, now: Date, zone: string): WallMs | undefined {
  const [, day, time] = /^(today|yesterday)(?: (.+))?$/.exec(text) ?? [];
  const here = wallAt(now.getTime(), zone) - (day === 'yesterday' ? (UNITS_MS.d ?? 0) : 0);
  if (day === 'yesterday' && time === undefined) return here;
  const midnight = new Date(here).setUTCHours(0, 0, 0, 0);
  return day && time !== undefined ? atClock(midnight, time) : undefined;
}

function dateAndTime(text: string): WallMs | undefined {
  const [, day = '', time = ''] = /^(\d{4}-\d\d-\d\d)[ T](\d\d:.*)$/.exec(text) ?? [];
  return isDay(day) ? atClock(Date.parse(`${day}T00:00:00Z`), time) : undefined;
}

function atClock(midnight: WallMs, time: string): WallMs | undefined {
  const [, hour, minute = '', second = '0'] = CLOCK.exec(time) ?? [];
  return hour === undefined
    ? undefined
    : midnight + (Number(hour) * 3600 + Number(minute) * 60 + Number(second)) * 1000;
}

/** False for 30 February, which Date takes for 2 March. */
function isDay(text: string): boolean {
  const midnight = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && toInstant(midnight).startsWith(text);
}

function wallText(wall: WallMs): string {
  const text = new Date(wall).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 19)}`;
}
