import { isObject, type Json, type JsonObject, texts } from './json.ts';

/** One value that is not as we declare it; a side is absent where it says nothing. */
export interface Difference {
  /** As `options.thresholds.critical` or `widgets[2].definition.title`. */
  readonly path: string;
  readonly there?: Json;
  readonly ours?: Json;
}

/** Maps that are ours as a whole: what somebody adds to them changes when the monitor fires. */
const WHOLE = /(^|\.)thresholds$/;

/**
 * What of `ours` is different in `theirs`. Only keys that we set count: Datadog adds many (recorded with its client:
 * `silenced`, `multi`, `created`, …), and people may. Lists must be the same, but for tags, which may be more.
 */
export function differences(ours: Json, theirs: Json | undefined, path = ''): readonly Difference[] {
  if (path === 'type' && isSameType(ours, theirs)) return [];
  if (path === 'tags') return tagsMissing(texts(ours), texts(theirs));
  if (isObject(ours) && isObject(theirs)) return inObject(ours, theirs, path);
  if (Array.isArray(ours) && Array.isArray(theirs)) return inList(ours, theirs, path);
  if (ours === theirs || isUnset(ours, theirs)) return [];
  return [{ path, ...(theirs !== undefined && { there: theirs }), ours }];
}

function inObject(ours: JsonObject, theirs: JsonObject, path: string): readonly Difference[] {
  const within = (key: string) => (path ? `${path}.${key}` : key);
  const added = WHOLE.test(path) ? Object.keys(theirs).filter((key) => !(key in ours)) : [];
  return [
    ...Object.entries(ours).flatMap(([key, value]) => differences(value, theirs[key], within(key))),
    ...added.flatMap((key) => removed(theirs[key], within(key))),
  ];
}

function inList(ours: readonly Json[], theirs: readonly Json[], path: string): readonly Difference[] {
  return [
    ...ours.flatMap((value, nth) => differences(value, theirs[nth], `${path}[${nth}]`)),
    ...theirs.slice(ours.length).flatMap((value, nth) => removed(value, `${path}[${ours.length + nth}]`)),
  ];
}

function removed(there: Json | undefined, path: string): readonly Difference[] {
  return there === undefined || there === null ? [] : [{ path, there }];
}

function tagsMissing(ours: readonly string[], theirs: readonly string[]): readonly Difference[] {
  const missing = ours.filter((tag) => !theirs.includes(tag));
  return missing.length === 0 ? [] : [{ path: 'tags', there: theirs, ours }];
}

/** Datadog answers `query alert` for a monitor of metrics, whichever of the two it was made with. */
function isSameType(ours: Json, theirs: Json | undefined): boolean {
  const metric = ['query alert', 'metric alert'];
  return metric.includes(String(ours)) && metric.includes(String(theirs));
}

/** A switch that is off and a delay of zero are not always written down. */
function isUnset(ours: Json, theirs: Json | undefined): boolean {
  return (theirs === undefined || theirs === null) && (ours === 0 || ours === false);
}
