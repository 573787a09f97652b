import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { perTeamAndDay, type Replay, replayDays } from './ninety-days/replay.ts';
import { PUSHES_A_DAY, REPOSITORIES } from './ninety-days/team.ts';
import { record } from './report/row.ts';

/** `DAYS=10 npm run test:simulation -- ninety-days` for another number of them. */
const DAYS = Number(process.env.DAYS ?? 90);
const RECORDED = process.env.RECORDED_DIR ?? '';

/** Of messages, against one for each scan. */
const FEWER = 0.95;
const NAMED_SECONDS = 60;

function lines(it: Replay): string {
  const ways = {
    'one per scan': it.onePerScan,
    'one per critical finding': it.onePerFinding,
    'ours, a channel for each team': it.notices,
    'ours, one channel': it.messages,
  };
  const table = Object.entries(ways).map(
    ([name, count]) =>
      `${name.padEnd(32)}${String(count).padStart(10)}${String(perTeamAndDay(count, it)).padStart(12)} per team and day`,
  );
  return `\n${it.days} days, ${it.pushes} pushes, ${it.scans} scans\n${table.join('\n')}\n${JSON.stringify(it.byReason)}\n`;
}

test.skipIf(!existsSync(RECORDED))(
  `${DAYS} days of ${REPOSITORIES} repositories: messages worth reading`,
  async () => {
    const it = await replayDays(6, DAYS, RECORDED);
    const fewer = 1 - it.notices / it.onePerScan;
    const slowest = Math.ceil(it.namedWithin.at(-1) ?? 0);
    const late = it.namedWithin.filter((seconds) => seconds > NAMED_SECONDS).length;
    process.stdout.write(
      `${lines(it)}${(100 * fewer).toFixed(2)} % fewer; ${it.newCriticals} new criticals, ${late} named later than ${NAMED_SECONDS} s, the last after ${slowest} s\n`,
    );
    record({
      id: 'news',
      size: it.pushes,
      promise: `${REPOSITORIES} repositories × ${PUSHES_A_DAY} pushes a day, findings drawn from recorded answers`,
      target:
        '90 days: ≥ 95 % fewer messages than one per scan; every new critical named ≤ 60 s after its scan',
      measured: {
        days: it.days,
        pushes: it.pushes,
        scans: it.scans,
        'messages per team and day': perTeamAndDay(it.notices, it),
        'with one per scan': perTeamAndDay(it.onePerScan, it),
        'with one per critical finding': perTeamAndDay(it.onePerFinding, it),
        '% fewer than one per scan': Math.floor(1000 * fewer) / 10,
        'new criticals': it.newCriticals,
        'never named': it.neverNamed,
        'seconds until named at most': slowest,
      },
      pass: fewer >= FEWER && it.neverNamed + late === 0,
    });
    expect({ neverNamed: it.neverNamed, late }).toEqual({ neverNamed: 0, late: 0 });
    expect(fewer).toBeGreaterThanOrEqual(FEWER);
  },
);
