import type { Surface } from '../backend.ts';
import { chance } from '../chance.ts';

/** Two releases at work in one world. */
export interface Mixed {
  /** One of the two, by chance from the seed. */
  readonly surfaceOf: () => Surface;
  /** How often each was taken: the first, the second. */
  readonly taken: readonly [number, number];
  /** Errors that neither time nor another try explains: a release met what it does not understand. */
  readonly surprises: ReadonlyMap<string, number>;
  /** References of which the first found last that nothing is open. */
  readonly clearByFirst: ReadonlySet<string>;
}

/** Half of the invocations run the one, half the other. */
export function mixed(seed: number, one: Surface, other: Surface): Mixed {
  const luck = chance(seed);
  const taken: [number, number] = [0, 0];
  const surprises = new Map<string, number>();
  const watch = (error: unknown): void => {
    const { name, message } = error as Error;
    if (EXPECTED.has(name)) return;
    const text = `${name}: ${message}`;
    surprises.set(text, (surprises.get(text) ?? 0) + 1);
  };
  const clearByFirst = new Set<string>();
  const first: Surface = {
    ...watched(one, watch),
    saveOpenFindings(table, repository, open) {
      if (open.ids.length === 0) clearByFirst.add(open.reference);
      else clearByFirst.delete(open.reference);
      return one.saveOpenFindings(table, repository, open);
    },
  };
  const second: Surface = {
    ...watched(other, watch),
    saveOpenFindings(table, repository, open) {
      clearByFirst.delete(open.reference);
      return other.saveOpenFindings(table, repository, open);
    },
  };
  const surfaces = [first, second] as const;
  return {
    surfaceOf() {
      const which = luck.hits(0.5) ? 0 : 1;
      taken[which] += 1;
      return surfaces[which];
    },
    taken,
    surprises,
    clearByFirst,
  };
}

/** Not ready yet, and a database that has too much to do. */
const EXPECTED: ReadonlySet<string> = new Set(['NotReady', 'ProvisionedThroughputExceededException']);

/** The same release; what it throws over a message is told. */
function watched(surface: Surface, tell: (error: unknown) => void): Surface {
  return {
    ...surface,
    eachMessage: (event, answer, ports) =>
      surface.eachMessage(
        event,
        async (received) => {
          try {
            return await answer(received);
          } catch (error) {
            tell(error);
            throw error;
          }
        },
        ports,
      ),
  };
}
