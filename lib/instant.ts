declare const instant: unique symbol;

/**
 * A moment in UTC, always written `YYYY-MM-DDTHH:mm:ss.SSSZ`: as text it sorts, is a DynamoDB key, and survives
 * JSON. Mixed widths would not sort ('.' is less than 'Z').
 */
export type Instant = string & { readonly [instant]: true };

/** From one instant to another, both included. */
export interface Period {
  readonly from: Instant;
  readonly to: Instant;
}

const RFC_3339 = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** Takes a Date, returns it as an instant; throws RangeError for an invalid date or a year of more than 4 digits. */
export function toInstant(date: Date): Instant {
  const text = date.toISOString();
  if (text.length !== '2026-11-20T03:10:00.000Z'.length) throw new RangeError(`not a time: ${text}`);
  return text as Instant;
}

/** Takes an RFC 3339 text, returns it as an instant; throws RangeError when it is none. */
export function parseInstant(text: string): Instant {
  const day = RFC_3339.exec(text)?.[1];
  if (!day || !isDay(day)) throw new RangeError(`not a time: ${text.slice(0, 40)}`);
  return toInstant(new Date(text));
}

/** True for a day of the calendar, as `2027-03-31`. */
export function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  // Date takes 30 February for 2 March.
  return (
    /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
  );
}

/** Seconds from `from` to `to`; negative when `to` is earlier. */
export function secondsBetween(from: Instant, to: Instant): number {
  return (Date.parse(to) - Date.parse(from)) / 1000;
}
