declare const instant: unique symbol;

/**
 * A moment in UTC, always written `YYYY-MM-DDTHH:mm:ss.SSSZ`: as text it sorts, is a DynamoDB key, and survives
 * JSON. Mixed widths would not sort ('.' is less than 'Z').
 */
export type Instant = string & { readonly [instant]: true };

/** Takes a Date, returns it as an instant; throws RangeError for an invalid date. */
export function toInstant(date: Date): Instant {
  return date.toISOString() as Instant;
}

/** Takes an RFC 3339 text, returns it as an instant; throws RangeError when it is none. */
export function parseInstant(text: string): Instant {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text))
    throw new RangeError(`not a time: ${text.slice(0, 40)}`);
  return toInstant(new Date(text));
}

/** Seconds from `from` to `to`; negative when `to` is earlier. */
export function secondsBetween(from: Instant, to: Instant): number {
  return (Date.parse(to) - Date.parse(from)) / 1000;
}
