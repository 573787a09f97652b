/** A release, as the project's own history has it. */
export interface Release {
  /** The full hash of its commit. */
  readonly revision: string;
  /** What the simulation's surface lists and it does not have: came later, and only later code calls it. */
  readonly lacks: readonly string[];
  /** Forgets, by itself, that all is clear when the function died that told the word before. */
  readonly forgetsAllClear: boolean;
  /** `respond` takes all that an event says; before it took only what was announced. */
  readonly takesSaid: boolean;
}

/**
 * The last release that was handed over, on 2026-11-22. Move it forward with each release: what runs while somebody
 * upgrades is the one before and this one.
 */
export const PREVIOUS: Release = {
  revision: 'b5464773fc043f97284089072184171f774b2adf',
  lacks: [],
  forgetsAllClear: false,
  takesSaid: false,
};
