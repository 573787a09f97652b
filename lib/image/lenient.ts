import * as v from 'valibot';
import { isDigest } from './digest.ts';

// Documents of images are written by every tool there is: a field of another form is a field that is not there, and
// must not cost us the fields beside it.

/** A text; undefined when it is anything else. */
export const lenientText = v.fallback(v.optional(v.string()), undefined);

/** A digest; undefined when it is anything else. */
export const lenientDigest = v.fallback(v.optional(v.pipe(v.string(), v.guard(isDigest))), undefined);

/** What fits the schema; undefined when it does not. */
export function lenient<T extends v.GenericSchema>(schema: T) {
  return v.fallback(v.optional(schema), undefined);
}

/** The members of a list that fit the schema, of the first `most`; empty when it is no list. */
export function lenientList<T extends v.GenericSchema>(schema: T, most = 1000) {
  const toMembers = (members: unknown[]): v.InferOutput<T>[] =>
    members.slice(0, most).flatMap((it) => {
      const result = v.safeParse(schema, it);
      return result.success ? [result.output] : [];
    });
  return v.fallback(v.pipe(v.array(v.unknown()), v.transform(toMembers)), [] as v.InferOutput<T>[]);
}

/** The texts of an object by their keys; empty when it is none. */
export const lenientTexts = v.fallback(
  v.pipe(v.record(v.string(), v.unknown()), v.transform(toTexts)),
  new Map<string, string>(),
);

function toTexts(object: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(object).flatMap(([key, it]) => (typeof it === 'string' ? [[key, it] as const] : [])),
  );
}

/** Reads a JSON document leniently; undefined when it is no JSON, too long, or no object. */
export function readJson<T extends v.GenericSchema>(
  schema: T,
  text: string,
  maxCharacters: number,
): v.InferOutput<T> | undefined {
  if (text.length > maxCharacters) return undefined;
  try {
    const { success, output } = v.safeParse(schema, JSON.parse(text));
    return success ? output : undefined;
  } catch {
    return undefined;
  }
}
