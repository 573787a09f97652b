import { expect, test } from 'vitest';
import type { CrashPlan } from './ledger/crash-points.ts';
import { asIs } from './ledger/planted.ts';
import { crashVerdict } from './ledger/suite.ts';
import { ASKABLE_KINDS, REPLIES, SINK_KINDS, type SinkKind } from './ledger/world.ts';
import { isFull, record } from './report/row.ts';

const PROMISE = 'a worker may die between any two requests, up to three times';
const TARGET = '0 wrong, at least 15,000 runs';
const TIMEOUT_MS = 1_800_000;

async function expectNothingWrong(plans: readonly CrashPlan[], depth: number): Promise<void> {
  const { runs, wrong } = await crashVerdict(plans, depth, asIs);
  const measured = { wrong: wrong.length, runs };
  record({ id: 'R2', size: runs, promise: PROMISE, target: TARGET, measured, pass: wrong.length === 0 });
  expect(wrong).toEqual([]);
  expect(runs).toBeGreaterThanOrEqual(isFull ? 3_000 : 300);
}

function plansOf(kind: SinkKind, tries: number): readonly CrashPlan[] {
  let replies = REPLIES.map((reply) => [reply]);
  for (let more = 1; more < tries; more++)
    replies = replies.flatMap((before) => REPLIES.map((reply) => [...before, reply]));
  return replies.map((it) => ({ kind, replies: it, crashes: [] }));
}

const KINDS = [...SINK_KINDS, ...ASKABLE_KINDS];

test.each(KINDS)(
  '$name: every combination of crash points, every reply',
  async (kind) => expectNothingWrong(plansOf(kind, 1), isFull ? 3 : 2),
  TIMEOUT_MS,
);

test.each(KINDS)(
  '$name: every crash point, every sequence of replies',
  async (kind) => expectNothingWrong(plansOf(kind, isFull ? 3 : 2), 1),
  TIMEOUT_MS,
);
