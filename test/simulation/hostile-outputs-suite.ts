import { expect, test } from 'vitest';
import { OUTPUTS } from '../hostile/outputs.ts';
import { outputsVerdict } from './hostile-outputs.ts';
import { R10 } from './hostile-promise.ts';
import { isFull, record } from './report/row.ts';

/** The six that were asked for; `OUTPUTS=asked` tries these alone. */
const ASKED = [
  'Slack message',
  'SNS message',
  'Datadog event (Markdown)',
  'terminal',
  'JSON',
  'summary of a build',
];
const TRIED = process.env.OUTPUTS === 'asked' ? OUTPUTS.filter(({ name }) => ASKED.includes(name)) : OUTPUTS;

/** `SCENES=1000 SEED=7` for another number of them, from another seed on. */
const SCENES = Number(process.env.SCENES ?? (isFull ? 200_000 : 2_000));
const FIRST = Number(process.env.SEED ?? 1);

/** One half of the scenes: files run side by side, tests of one file do not. */
export function testHostileOutputs(half: 'first' | 'second'): void {
  const scenes = half === 'first' ? Math.ceil(SCENES / 2) : Math.floor(SCENES / 2);
  const from = half === 'first' ? FIRST : FIRST + Math.ceil(SCENES / 2);

  test(`R10: ${scenes} hostile scenes, the ${half} half, in ${TRIED.length} outputs: inert, and within every limit`, () => {
    const { wrong } = outputsVerdict(from, scenes, TRIED);
    record({
      ...R10,
      // A part of the outputs takes no row's place.
      size: TRIED === OUTPUTS ? scenes : 0,
      measured: {
        'hostile scenes': scenes,
        'texts rendered': scenes * TRIED.length,
        'wrong answers': wrong.length,
      },
      pass: wrong.length === 0,
    });
    expect(wrong).toEqual([]);
  }, 1_800_000);
}
