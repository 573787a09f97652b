/** At most so many edits make two names alike, for each eight characters of the longer one. */
const EDITS = 1;
const PER_CHARACTERS = 8;
const SHOWN = 3;
/** The table of edits is as large as both names together. */
const LONGEST = 256;

/**
 * The names that somebody may have meant, the most alike first: a few edits away, or the same after the last slash.
 */
export function near(name: string, names: readonly string[]): readonly string[] {
  return names
    .filter((it) => it !== name && it.length <= LONGEST)
    .map((it) => ({ it, edits: lastPart(it) === lastPart(name) ? 0 : editsBetween(name, it) }))
    .filter(({ it, edits }) => edits <= EDITS * Math.ceil(Math.max(it.length, name.length) / PER_CHARACTERS))
    .sort((a, b) => a.edits - b.edits || (a.it < b.it ? -1 : 1))
    .slice(0, SHOWN)
    .map(({ it }) => it);
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** Characters that are to be changed, put in or left out (Levenshtein), row by row. */
function editsBetween(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, n) => n);
  for (const [n, character] of [...one].entries()) {
    const row = [n + 1];
    for (let m = 0; m < other.length; m++) {
      const changed = (above[m] ?? 0) + Number(other[m] !== character);
      row.push(Math.min(changed, (above[m + 1] ?? 0) + 1, (row[m] ?? 0) + 1));
    }
    above = row;
  }
  return above[other.length] ?? 0;
}
