import { type Bench, coldValues, type Load, measureAgain, measureObvious, measureOurs } from './bench.ts';
import { cpuShare } from './share.ts';

const ALERT: Load = { kind: 'basic', findings: 10, images: 1 };
/** What Lambda's smallest functions get, what ours have, and what is common. */
const SHARES = [128, 256, 1024];

/** Cold starts: the load of the program and its first event, at the whole processor. */
export async function cold(bench: Bench): Promise<void> {
  for (let round = 1; round <= bench.rounds; round += 1) await once(bench, 'cold', round, undefined);
}

/** Cold starts whose first event has the share of a processor that comes with so much memory. */
export async function shares(bench: Bench): Promise<void> {
  for (const megabytes of SHARES) {
    const share = cpuShare(megabytes);
    if (!share) {
      bench.cannot(`the CPU share of ${megabytes} MB: this machine lets nobody limit a group of processes`);
      continue;
    }
    try {
      const rounds = Math.ceil(bench.rounds / 5);
      for (let round = 1; round <= rounds; round += 1)
        await once(bench, `cold at ${megabytes} MB`, round, share.file);
    } finally {
      share.dispose();
    }
  }
}

async function once(bench: Bench, what: string, round: number, cpuGroup: string | undefined): Promise<void> {
  bench.say(`${what}, round ${round}`);
  const { floor, measure, record } = bench;
  const measured = await measure({ program: floor, events: [{ text: 'a notice' }], cpuGroup });
  record({ what, program: floor.name, round, values: coldValues(measured) });
  const done: Parameters<typeof measureOurs>[3] = (program, it) =>
    record({ what, program: program.name, round, values: coldValues(it) });
  await measureOurs(bench, ALERT, { cpuGroup }, done);
  await measureAgain(bench, { cpuGroup }, done);
  await measureObvious(bench, ALERT, { cpuGroup }, done);
}
