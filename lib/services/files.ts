import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { BadReference } from '../errors.ts';

// Files that the caller of a command names.

/** The text of a file; throws BadReference when it cannot be read. */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new BadReference(`cannot read ${path}: ${(error as NodeJS.ErrnoException).code}`);
  }
}

/** The text of a file; undefined when there is none. Throws Node's error for the rest. */
export function readTextIfThere(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

/** Writes a file in place of what was there; throws BadReference when it cannot be written. */
export async function writeText(path: string, content: string): Promise<void> {
  try {
    await writeFile(path, content);
  } catch (error) {
    throw new BadReference(`cannot write ${path}: ${(error as NodeJS.ErrnoException).code}`);
  }
}

/** Puts a file in the place of another at once: whoever reads it sees the one or the other. */
export async function replaceText(path: string, content: string): Promise<void> {
  const beside = `${path}.${process.pid}.tmp`;
  await writeFile(beside, content, { mode: 0o600 });
  await rename(beside, path);
}

/** Takes a file away, if it is there. */
export function removeFile(path: string): Promise<void> {
  return rm(path, { force: true });
}
