import type { Chance } from './chance.ts';

/** One invocation of a function, from its start to its end or to its death. */
export interface Life {
  /** One call to the outside. May be the last one: before it nothing has happened, after it everything has. */
  readonly step: <T>(call: () => Promise<T>) => Promise<T>;
  readonly kill: () => void;
  /** Its time is over: it dies, unless it was told to outlive that. */
  readonly expire: () => void;
  /** From now on the end of its time does not end it: a worker that nobody can trust to be gone. */
  readonly outlive: () => void;
  /** Resolves when it dies; never when it does not. */
  readonly died: Promise<undefined>;
}

/** What the dead wait for; each for its own, since one promise would hold all of them. */
const never = (): Promise<never> => new Promise(() => {});

/** A life that ends at any of its steps with this rate; half of the deaths come before the step, half after. */
export function life(chance: Chance, crashRate: number): Life {
  let isDead = false;
  let outlives = false;
  let tell: (nothing: undefined) => void;
  const died = new Promise<undefined>((resolve) => {
    tell = resolve;
  });
  function kill(): void {
    isDead = true;
    tell(undefined);
  }
  /** Whether it is dead by now; it may be the moment. */
  function dies(): boolean {
    if (!isDead && chance.hits(crashRate / 2)) kill();
    return isDead;
  }
  return {
    kill,
    died,
    expire() {
      if (!outlives) kill();
    },
    outlive() {
      outlives = true;
    },
    async step(call) {
      if (dies()) return never();
      try {
        return await call();
      } finally {
        if (dies()) await never();
      }
    },
  };
}
