import type { Reading } from '../doctor/reading.ts';
import { CHECK_IDS, type CheckId, checkOf } from './catalogue.ts';
import type { Question } from './facts.ts';

/** A check that could not be made somewhere, and why. */
export interface Unread {
  readonly check: CheckId;
  readonly why: string;
}

/** Why a check was not made where nobody may ask its question; nothing where it was answered. */
export function unreadOf(check: CheckId, from: Reading<unknown>): readonly Unread[] {
  return from.state === 'denied' ? [{ check, why: `you may not ${from.action}` }] : [];
}

/** What failed may be answered another time: that is an error, and no answer. */
export function orThrow(from: Reading<unknown>): void {
  if (from.state === 'failed') throw Object.assign(new Error(from.message), { name: from.name });
}

/** Without the tables nobody knows what runs, and with it which repositories are production. */
export function blindTo(lineage: Reading<unknown>, { stage, production }: Question): readonly Unread[] {
  if (lineage.state === 'found') return [];
  const why =
    lineage.state === 'absent'
      ? `nothing of the stage ${stage} is deployed here: nobody knows what runs`
      : (unreadOf('running-gone', lineage)[0]?.why ?? '');
  const unknown = `${why}, and no --production says which repositories are`;
  const ofProduction = production.length > 0 ? [] : (['tags-mutable', 'tags-movable'] as const);
  return [
    ...CHECK_IDS.filter((id) => checkOf(id).needsLineage).map((check) => ({ check, why })),
    ...(lineage.state === 'absent' ? [{ check: 'scan-unheard' as const, why }] : []),
    ...ofProduction.map((check) => ({ check, why: unknown })),
  ];
}
