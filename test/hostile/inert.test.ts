import { describe, expect, test } from 'vitest';
import { OUTPUTS } from './outputs.ts';
import { strings } from './rules.ts';
import { fullSceneWith, scenesWith, TAINT } from './scene.ts';
import { VECTORS } from './vectors.ts';

const KNOWN_LENGTH = 60;

test(`there are at least ${KNOWN_LENGTH} vectors, each under a name of its own, and no text twice`, () => {
  expect(VECTORS.length).toBeGreaterThanOrEqual(KNOWN_LENGTH);
  expect(new Set(VECTORS.map(({ name }) => name)).size).toBe(VECTORS.length);
  expect(new Set(VECTORS.map(({ text }) => text)).size).toBe(VECTORS.length);
  expect(VECTORS.filter(({ text }) => text.includes(TAINT))).toEqual([]);
});

describe.each(OUTPUTS)('$name', ({ render, complaints, showsTexts }) => {
  test.each(VECTORS)('$name is inert: $why', ({ text }) => {
    // Alone, since some do something at the beginning only, and so that it can be told from our own words.
    const places = [text, `${TAINT}${text}`, `${text}${TAINT}`];
    for (const scene of [...places.flatMap(scenesWith), ...places.map(fullSceneWith)])
      expect(complaints(render(scene))).toEqual([]);
  });

  test('the texts of others get there at all', () => {
    const seen = scenesWith(TAINT).flatMap((scene) => strings(render(scene)));
    expect(seen.some((text) => text.includes(TAINT) || text.includes('\\u0436'))).toBe(showsTexts);
  });
});
