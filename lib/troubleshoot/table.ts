import { CAUSE_IDS, type Cause, type CauseId, type Direction } from './cause.ts';
import { IMAGE_CAUSES } from './image-causes.ts';
import { LOGIN_CAUSES } from './login-causes.ts';
import { NETWORK_CAUSES } from './network-causes.ts';
import { REGISTRY_CAUSES } from './registry-causes.ts';

const ROWS = [...LOGIN_CAUSES, ...NETWORK_CAUSES, ...REGISTRY_CAUSES, ...IMAGE_CAUSES];

/** Every reason that is known why a push or a pull fails, first cause first. */
export const CAUSES: readonly Cause[] = CAUSE_IDS.map(causeOf);

/** The row of a name. */
export function causeOf(id: CauseId): Cause {
  const row = ROWS.find((it) => it.id === id);
  if (!row) throw new Error(`the table has no row ${id}`);
  return row;
}

/** The rows about pushing, or about pulling. */
export function causesOf(direction: Direction): readonly Cause[] {
  return CAUSES.filter(({ directions }) => directions.includes(direction));
}
