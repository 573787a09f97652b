import { argv, cpuUsage, resourceUsage, stdout } from 'node:process';
import { runNothingLost } from '../test/simulation/nothing-lost.ts';

// What one scan of R1 costs: `npm run bench:simulation -- <scans> <seed>`.
const [scans = 2000, seed = 1] = argv.slice(2).map(Number);

// What is loaded and compiled once counts for nothing.
await runNothingLost(seed + 1, { scans: 500 });
const before = cpuUsage();
const run = await runNothingLost(seed, { scans });
const { user, system } = cpuUsage(before);
const { lost, doublesAtKeyed, unexplained, falseCounts, forgotten } = run;
const wrong = [lost, doublesAtKeyed, unexplained, falseCounts, forgotten].flat().length;
const perScan = ((user + system) / 1000 / run.scans).toFixed(2);
const megabytes = Math.round(resourceUsage().maxRSS / 1024);
stdout.write(
  `${run.scans} scans, ${run.told} told, ${run.databaseCalls} database calls, ${wrong} wrong\n` +
    `${perScan} ms of CPU for each scan, ${megabytes} MB at most\n`,
);
