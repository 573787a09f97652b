import type { State } from '../doctor/diagnosis.ts';
import type { Reading } from '../doctor/reading.ts';
import type { CauseId } from './cause.ts';

/** What one check says. `fix` is a command or a line of infrastructure as code; absent where nothing is to be done. */
export interface Finding {
  readonly cause: CauseId;
  readonly state: State;
  readonly says: string;
  readonly fix?: string;
}

type Unread = Extract<Reading<unknown>, { readonly state: 'denied' | 'failed' | 'absent' }>;

/** Writes the findings of one cause. */
export function findings(cause: CauseId) {
  const write =
    (state: State) =>
    (says: string, fix?: string): Finding => ({ cause, state, says, ...(fix !== undefined && { fix }) });
  return {
    ok: write('ok'),
    warning: write('warning'),
    fault: write('fault'),
    unknown: write('unknown'),
    /** Why there is no answer. */
    unread(reading: Unread): Finding {
      if (reading.state === 'denied')
        return write('unknown')(`you may not ${reading.action}`, `Grant yourself ${reading.action}.`);
      if (reading.state === 'absent') return write('unknown')('there was nothing to look at');
      return write('unknown')(`${reading.name}: ${reading.message}`);
    },
  };
}
