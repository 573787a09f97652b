import type { Scene } from '../scene.ts';

/** One way out of this service. */
export interface Output {
  readonly name: string;
  /** False where none of the texts of others may be seen at all. */
  readonly showsTexts: boolean;
  /** What leaves, for a scene. */
  readonly render: (scene: Scene) => unknown;
  /** What is wrong with what leaves; nothing, when it is inert and within its limits. */
  readonly complaints: (rendered: unknown) => readonly string[];
}

/** An output from its two halves, which agree about what leaves. */
export function output<T>(
  name: string,
  render: (scene: Scene) => T,
  complaints: (rendered: T) => readonly string[],
  { showsTexts = true } = {},
): Output {
  return { name, showsTexts, render, complaints: (rendered) => complaints(rendered as T) };
}
