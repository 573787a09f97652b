import { record } from './row.ts';

/** Writes down whether a bug that was planted was found. */
export function recordPlanted(isFound: boolean): void {
  record({
    id: 'planted bugs',
    size: 1,
    promise: 'each bug that is put into the code makes the suite fail',
    target: 'all found',
    measured: { planted: 1, found: Number(isFound) },
    pass: isFound,
  });
}
