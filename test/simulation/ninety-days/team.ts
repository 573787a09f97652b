import type { Repository } from '../../../lib/image/reference.ts';
import type { Finding } from '../../../lib/scan/finding.ts';
import type { Chance } from '../chance.ts';
import type { Pool } from './pool.ts';

/** A repository, and what its source would be built to now. */
export interface Source {
  readonly repository: Repository;
  readonly team: string;
  /** Two platforms, or one image. */
  readonly isIndex: boolean;
  /** What the image of its main branch has, worst or not. */
  main: readonly Finding[];
}

export const REPOSITORIES = 40;
export const TEAMS = 8;
export const PUSHES_A_DAY = 25;

/** Of a vulnerability that is published, so many of the repositories have the package. */
const HAS_PACKAGE = 0.3;
/** A fix that exists is merged after so many pushes to main, on average: three days. */
const FIX_EVERY = 45;
/** Of pushes: a new dependency brings a known vulnerability, and its branch shows it first. */
const BRINGS_ONE = 0.01;

/** Forty repositories of eight teams, one in four multi-arch, each with what has gathered so far. */
export function sources(pool: Pool, chance: Chance): readonly Source[] {
  const known = Array.from({ length: 120 }, () => pool.publish());
  return Array.from({ length: REPOSITORIES }, (_, number) => {
    const team = `team-${number % TEAMS}`;
    const repository = { account: '111122223333', region: 'eu-west-1', name: `${team}/service-${number}` };
    return {
      repository,
      team,
      isIndex: number % 4 === 0,
      main: known.filter(() => chance.hits(HAS_PACKAGE)),
    };
  });
}

/** Those that have the package of what was published now: in what is built from now on, and in what was. */
export function affected(all: readonly Source[], chance: Chance): readonly Source[] {
  return all.filter(() => chance.hits(HAS_PACKAGE));
}

/** What a push builds. Fixes come by main; a branch is main, at times with a dependency more or a fix ahead. */
export function built(source: Source, isMain: boolean, pool: Pool, chance: Chance): readonly Finding[] {
  const fixed = source.main.filter(({ fix }) => !(fix === 'all' && chance.hits(1 / FIX_EVERY)));
  const brought = chance.hits(BRINGS_ONE) ? [pool.publish()] : [];
  if (isMain) {
    source.main = [...fixed, ...brought];
    return source.main;
  }
  return [...(chance.hits(0.1) ? fixed : source.main), ...brought];
}
