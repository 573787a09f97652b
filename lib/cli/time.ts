import { BadReference } from '../errors.ts';
import { safeText, untrusted } from '../image/untrusted.ts';
import { type Instant, parseInstant, toInstant } from '../instant.ts';

const AGO = /^(\d{1,5}) ?(s|sec|seconds?|m|min|minutes?|h|hours?|d|days?) ago$/;
const UNITS_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Reads a time as people type it: RFC 3339, `2026-11-20 03:10`, `yesterday 03:10`, `today 03:10`, `3h ago`, `now`.
 * Without a zone it is read in the caller's (`TZ`). Throws BadReference with the accepted forms.
 */
export function parseTime(text: string, now: Date): Instant {
  const date = relative(text, now) ?? dayAndTime(text, now) ?? absolute(text);
  if (!date) {
    throw new BadReference(
      `not a time: ${JSON.stringify(safeText(untrusted(text), 40))}. Try 2026-11-20T03:10:00Z, "2026-11-20 03:10", "yesterday 03:10" or "3h ago"`,
    );
  }
  return toInstant(date);
}

/** The instant in the caller's zone and in UTC: in an incident people compare clocks across the world. */
export function bothZones(instant: Instant): string {
  const local = new Intl.DateTimeFormat('sv-SE', {
    dateStyle: 'short',
    timeStyle: 'medium',
  }).format(new Date(instant));
  const utc = `${instant.slice(0, 10)} ${instant.slice(11, 19)}`;
  const isSameDay = utc.slice(0, 10) === local.slice(0, 10);
  return `${local} ${zoneName(new Date(instant))} (${isSameDay ? utc.slice(11) : utc}Z)`;
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

function dayAndTime(text: string, now: Date): Date | undefined {
  const [, day, hour, minute] = /^(today|yesterday) ([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  if (!day) return undefined;
  const date = now.getDate() - (day === 'yesterday' ? 1 : 0);
  return new Date(now.getFullYear(), now.getMonth(), date, Number(hour), Number(minute));
}

function absolute(text: string): Date | undefined {
  if (!isDay(text.slice(0, 10))) return undefined;
  const [, day, time] = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)$/.exec(text) ?? [];
  const date = day ? new Date(`${day}T${time}`) : rfc3339(text);
  return date && !Number.isNaN(date.getTime()) ? date : undefined;
}

/** False for 30 February, which Date takes for 2 March. */
function isDay(text: string): boolean {
  const midnight = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && toInstant(midnight).startsWith(text);
}

function rfc3339(text: string): Date | undefined {
  try {
    return new Date(parseInstant(text));
  } catch {
    return undefined;
  }
}

function zoneName(date: Date): string {
  const parts = new Intl.DateTimeFormat('en', { timeZoneName: 'short' }).formatToParts(date);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'UTC';
}
