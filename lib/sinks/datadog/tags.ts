import { createHash } from 'node:crypto';
import type { Repository } from '../../image/reference.ts';

/** Source: https://docs.datadoghq.com/getting_started/tagging/#define-tags */
const MAX_CHARACTERS = 200;

/**
 * One `key:value` tag as Datadog stores it: lower case, everything but alphanumerics and `_ - : . /` as `_`. Doing
 * it ourselves keeps what we know and Datadog's groups the same. A tag over 200 characters ends in a hash of the
 * whole, so that two long names stay two. Our newest push, `/newest-push`, is a legal value that no tag can take.
 */
export function metricTag(key: string, value: string): string {
  const tag = `${key}:${value.toLowerCase().replace(/[^a-z0-9_:./-]/g, '_')}`;
  if (tag.length <= MAX_CHARACTERS) return tag;
  const hash = createHash('sha256').update(value).digest('hex').slice(0, 12);
  return `${tag.slice(0, MAX_CHARACTERS - hash.length - 1)}-${hash}`;
}

/** The tags that say which repository it is. */
export function repositoryTags({ account, region, name }: Repository): string[] {
  return [metricTag('account_id', account), metricTag('region', region), metricTag('repository', name)];
}
