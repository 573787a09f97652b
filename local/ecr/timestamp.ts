/** The timestamps of an enhanced finding. Source: `EnhancedImageScanFinding` and its parts in @aws-sdk/client-ecr. */
const timestampFields: ReadonlySet<string> = new Set([
  'firstObservedAt',
  'lastInUseAt',
  'lastObservedAt',
  'pushedAt',
  'updatedAt',
  'vendorCreatedAt',
  'vendorUpdatedAt',
]);

/**
 * Reads a date as the wire (epoch seconds), the AWS CLI (ISO 8601) or CloudTrail ("Aug 11, 2021, 11:30:16 AM")
 * writes it; a text without a zone is UTC. Returns undefined for anything else.
 */
export function parseDate(value: unknown): Date | undefined {
  const date = value instanceof Date ? value : new Date(toMilliseconds(value));
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** The same date as epoch seconds, the form of the AWS JSON protocols; undefined when it cannot be read. */
export function epochSeconds(value: unknown): number | undefined {
  const date = parseDate(value);
  return date && date.getTime() / 1000;
}

/** A copy in which every timestamp field of an enhanced finding is in epoch seconds, or absent when unreadable. */
export function withEpochSeconds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withEpochSeconds);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([name, field]): [string, unknown] =>
    timestampFields.has(name) ? [name, epochSeconds(field)] : [name, withEpochSeconds(field)],
  );
  return Object.fromEntries(fields);
}

function toMilliseconds(value: unknown): number {
  if (typeof value === 'number') return value * 1000;
  if (typeof value !== 'string') return Number.NaN;
  // Newer Java runtimes, and so newer CloudTrail records, put U+202F before AM and PM.
  const text = value.trim().replaceAll('\u202f', ' ');
  if (/(Z|UTC|[+-]\d\d:?\d\d)$/.test(text)) return Date.parse(text);
  return Date.parse(text.includes('T') ? `${text}Z` : `${text} UTC`);
}
