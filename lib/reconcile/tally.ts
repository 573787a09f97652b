/** What was found missing, and among how much. */
export interface Tally {
  readonly images: number;
  /** Images whose scan was looked for. */
  readonly checked: number;
  readonly pushes: number;
  readonly deletes: number;
  readonly scans: number;
  readonly unscannable: number;
  readonly neverScanned: number;
  /** Images that another policy than before holds for: nothing that was missing. */
  readonly reread: number;
  /** The first look at a repository finds what is older than this service: that was never missing. */
  readonly isFirst: boolean;
}

export function nothingFound(): Tally {
  return {
    images: 0,
    checked: 0,
    pushes: 0,
    deletes: 0,
    scans: 0,
    unscannable: 0,
    neverScanned: 0,
    reread: 0,
    isFirst: false,
  };
}

/** Fewer things than this are too few for a share of them to say anything. */
const LEAST = 100;

/** The sum of what was found about several repositories. */
export function sumOf(all: readonly Tally[]): Omit<Tally, 'isFirst'> {
  const sum = (of: (found: Tally) => number) => all.reduce((total, it) => total + of(it), 0);
  return {
    images: sum(({ images }) => images),
    checked: sum(({ checked }) => checked),
    pushes: sum(({ pushes }) => pushes),
    deletes: sum(({ deletes }) => deletes),
    scans: sum(({ scans }) => scans),
    unscannable: sum(({ unscannable }) => unscannable),
    neverScanned: sum(({ neverScanned }) => neverScanned),
    reread: sum(({ reread }) => reread),
  };
}

/** How many events of a hundred did not come; first looks aside, and of a hundred at least. */
export function missingPercent(all: readonly Tally[]): number {
  const { pushes, deletes, scans, unscannable, checked } = sumOf(all.filter(({ isFirst }) => !isFirst));
  const missing = pushes + deletes + scans + unscannable;
  return (100 * missing) / Math.max(LEAST, checked + pushes + deletes);
}
