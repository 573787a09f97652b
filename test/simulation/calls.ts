/** The parts of AWS that the functions call. Lambda's own polling of the queues is not among them. */
export type Callee = 'ecr' | 'dynamodb' | 'sqs' | 'sns';

/** Calls to AWS, by virtual second. */
export interface CallLog {
  readonly count: (callee: Callee, nowMs: number) => void;
  /** The most in any second between two times, of some callees together. */
  readonly mostPerSecond: (callees: readonly Callee[], fromMs: number, untilMs: number) => number;
}

export function callLog(): CallLog {
  const seconds = new Map<Callee, Map<number, number>>();
  const of = (callee: Callee): Map<number, number> => {
    const known = seconds.get(callee) ?? new Map<number, number>();
    seconds.set(callee, known);
    return known;
  };
  return {
    count(callee, nowMs) {
      const counts = of(callee);
      const second = Math.floor(nowMs / 1000);
      counts.set(second, (counts.get(second) ?? 0) + 1);
    },
    mostPerSecond(callees, fromMs, untilMs) {
      let most = 0;
      for (let second = Math.floor(fromMs / 1000); second * 1000 < untilMs; second += 1) {
        const sum = callees.reduce((all, callee) => all + (of(callee).get(second) ?? 0), 0);
        most = Math.max(most, sum);
      }
      return most;
    },
  };
}
