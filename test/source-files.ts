import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A source file of the project. */
export interface SourceFile {
  /** From the project's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** The TypeScript files below some folders, sorted. */
export function sourceFiles(...folders: readonly string[]): readonly SourceFile[] {
  return folders
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
    )
    .filter((path) => path.endsWith('.ts') || path.endsWith('.mjs'))
    .sort()
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}
