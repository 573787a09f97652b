import { BadReference } from '../errors.ts';
import type { Instant } from '../instant.ts';
import type { Options } from './command.ts';
import { parseTime } from './time.ts';

/** What a reference was at a moment, or so many different images before that. */
export interface Moment {
  /** The text without git's suffix. */
  readonly text: string;
  /** Absent for now. */
  readonly at?: Instant;
  /** 1 for the image before, 2 for the one before that; 0 for the one of that moment. */
  readonly back: number;
}

const SUFFIX = /^(.*?)(?:@\{([^{}]*)\})?(?:~(\d{0,3}))?$/s;
const MOST_BACK = 100;

/**
 * Takes git's suffixes off a reference: `demo-api:latest@{yesterday 03:10}`, `@{2.hours.ago}`, `@{1}`, `~1`, or both
 * (`@{yesterday}~1`); without `@{…}` the moment is that of `--at`. Throws BadReference and AmbiguousTime.
 */
export function parseMoment(typed: string, { at, fold }: Pick<Options, 'at' | 'fold'>, now: Date): Moment {
  const { text, inBraces, tilde } = split(typed);
  const isCount = inBraces !== undefined && /^\d{1,3}$/.test(inBraces);
  const back = (isCount ? Number(inBraces) : 0) + tilde;
  if (back > MOST_BACK) throw new BadReference(`at most ${MOST_BACK} images back`);
  const time = isCount ? undefined : inBraces;
  if (time !== undefined && at !== undefined)
    throw new BadReference('say the time once: with --at, or with @{…}');
  const wanted = time ?? at;
  return { text, back, ...(wanted !== undefined && { at: parseTime(wanted, now, { fold }) }) };
}

/** A repository, tag or digest holds neither `@{` nor `~`: what begins with one is a suffix. */
function split(typed: string): { readonly text: string; readonly inBraces?: string; readonly tilde: number } {
  const [, text = typed, inBraces, tilde] = typed.length <= 1000 ? (SUFFIX.exec(typed) ?? []) : [];
  return {
    text,
    ...(inBraces !== undefined && { inBraces }),
    tilde: tilde === '' ? 1 : Number(tilde ?? 0),
  };
}
