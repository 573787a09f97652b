import type { Cause, CauseId } from './cause.ts';
import type { Clock } from './checks/clock.ts';
import { checkArchived, checkLayers, checkPlatform, checkTagMissing, checkTagTaken } from './checks/image.ts';
import { checkCredentials, checkDockerLogin, checkRegistry, checkToken } from './checks/login.ts';
import { checkDisk, checkKey } from './checks/machine.ts';
import { checkNat, checkNetwork } from './checks/network.ts';
import { checkRepository } from './checks/repository.ts';
import { checkPolicy, checkRights } from './checks/rights.ts';
import type { Examination } from './facts.ts';
import type { Finding } from './finding.ts';
import { CAUSES } from './table.ts';

type Check = (examination: Examination, clock: Clock) => readonly Finding[];

const CHECKS: readonly Check[] = [
  ...[checkCredentials, checkRegistry, checkToken, checkDockerLogin, checkNetwork, checkNat],
  ...[checkRepository, checkRights, checkPolicy, checkKey],
  ...[checkTagMissing, checkTagTaken, checkArchived, checkPlatform, checkLayers, checkDisk],
];

/**
 * What every check says, first cause first; what the text of an error was recognised as goes before the rest. A cause
 * that only the text can tell is a warning: nothing was looked at.
 */
export function diagnose(
  examination: Examination,
  recognised: readonly Cause[],
  clock: Clock,
): readonly Finding[] {
  const found = CHECKS.flatMap((check) => check(examination, clock));
  const told = recognised
    .filter(({ check }) => check === undefined)
    .map(({ id, because, fix }): Finding => ({ cause: id, state: 'warning', says: because, fix }));
  const ids = new Set(recognised.map(({ id }) => id));
  const order = new Map<CauseId, number>(
    [...CAUSES.filter(({ id }) => ids.has(id)), ...CAUSES.filter(({ id }) => !ids.has(id))].map(
      ({ id }, nth) => [id, nth],
    ),
  );
  return [...found, ...told].sort((a, b) => (order.get(a.cause) ?? 0) - (order.get(b.cause) ?? 0));
}
