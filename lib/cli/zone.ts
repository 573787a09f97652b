/** The zone of the caller's clock: `TZ`, or what the machine is set to. */
export function callerZone(): string {
  // A TZ that names no zone has none here, and Node then counts in UTC.
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions() as { timeZone?: string };
  return timeZone ?? 'UTC';
}

/** The zone's name at an instant, as people write it: `CET`, `GMT+9`. */
export function zoneNameAt(epochMs: number, zone: string): string {
  const parts = formatterOf(zone).formatToParts(epochMs);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'UTC';
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Making one takes a hundred times as long as using it. */
function formatterOf(zone: string): Intl.DateTimeFormat {
  const locale = zone.startsWith('Europe/') ? 'en-GB' : 'en';
  const options = { timeZoneName: 'short', timeZone: zone } as const;
  const known = formatters.get(zone) ?? new Intl.DateTimeFormat(locale, options);
  formatters.set(zone, known);
  return known;
}
