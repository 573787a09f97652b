import fc from 'fast-check';
import type { EventPattern } from '../../../local/event-rule.ts';
import { conditionsOn } from './conditions.ts';
import { leavesOf, type Place, sampleEvent } from './sample-event.ts';

/** What a matcher is asked. */
export interface Question {
  readonly pattern: EventPattern;
  readonly event: object;
}

interface Field {
  readonly path: readonly string[];
  readonly conditions: readonly unknown[];
}

/**
 * Patterns with every operator that EventBridge has, each asked of an event that it was made from, so that about
 * half of the answers are yes. The same seed gives the same questions.
 */
export function questions(count: number, seed: number): readonly Question[] {
  return fc.sample(sampleEvent.chain(questionAbout), { numRuns: count, seed });
}

function questionAbout(event: { readonly detail: object }): fc.Arbitrary<Question> {
  return fc
    .oneof(
      patternOver(leavesOf(event)),
      patternOver(leavesOf(event.detail)).map((detail) => ({ detail })),
    )
    .map((pattern) => ({ pattern, event }));
}

/** One to three fields, a choice between two such patterns, or both, with a choice inside a choice now and then. */
function patternOver(places: readonly Place[]): fc.Arbitrary<EventPattern> {
  const nowhere = [['nobody'], ['status', 'deeper'], ['items', 'nobody']].map((path) => ({
    path,
    values: [],
  }));
  const place = fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...places) },
    { weight: 1, arbitrary: fc.constantFrom(...nowhere) },
  );
  const field = place.chain(({ path, values }) =>
    conditionsOn(values).map((conditions) => ({ path, conditions })),
  );
  const fields = fc.array(field, { minLength: 1, maxLength: 3 }).map(nested);
  const choice = (option: fc.Arbitrary<EventPattern>) =>
    fc.tuple(option, option, fields, fc.boolean()).map(([one, other, more, isAlone]) => ({
      ...(isAlone ? {} : more),
      $or: [one, other],
    }));
  return fc.oneof(
    { weight: 6, arbitrary: fields },
    { weight: 2, arbitrary: choice(fields) },
    { weight: 1, arbitrary: choice(fc.oneof(fields, choice(fields))) },
  );
}

/** Fields as one pattern. What would end inside another field's path, or go on from its end, is left out. */
function nested(fields: readonly Field[]): EventPattern {
  const pattern: Record<string, unknown> = {};
  for (const { path, conditions } of fields) place(pattern, path, conditions);
  return pattern;
}

function place(
  inside: Record<string, unknown>,
  path: readonly string[],
  conditions: readonly unknown[],
): void {
  const [name = '', ...rest] = path;
  if (rest.length === 0) {
    inside[name] ??= conditions;
    return;
  }
  const next = inside[name] ?? {};
  inside[name] = next;
  if (!Array.isArray(next)) place(next as Record<string, unknown>, rest, conditions);
}
