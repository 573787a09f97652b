import { OUTPUTS } from '../hostile/outputs.ts';
import { randomScene } from '../hostile/scene.ts';
import { chance } from './chance.ts';

/** Renders the scenes of the seeds from `first` on with every output, and gives what was wrong: the first ten. */
export function outputsVerdict(
  first: number,
  scenes: number,
  outputs = OUTPUTS,
): { readonly wrong: readonly string[] } {
  const wrong: string[] = [];
  for (let seed = first; seed < first + scenes && wrong.length < 10; seed += 1) {
    const scene = randomScene(chance(seed));
    for (const { name, render, complaints } of outputs)
      wrong.push(...tryOnce(() => complaints(render(scene))).map((it) => `seed ${seed}, ${name}: ${it}`));
  }
  return { wrong };
}

/** An output that throws is as wrong as one that says too much. */
function tryOnce(check: () => readonly string[]): readonly string[] {
  try {
    return check();
  } catch (error) {
    return [`throws ${error}`];
  }
}
