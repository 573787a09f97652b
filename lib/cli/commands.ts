import { backfillCommand } from './backfill.ts';
import { declareCommand } from './declare.ts';
import { doctorCommand } from './doctor.ts';
import type { Commands } from './help.ts';
import { historyCommand } from './history.ts';
import { redriveCommand } from './redrive.ts';
import { replayCommand } from './replay.ts';
import { whoCommand } from './who.ts';

/** Every command by its name, in the order of the help. */
export const COMMANDS: Commands = {
  who: whoCommand,
  history: historyCommand,
  doctor: doctorCommand,
  redrive: redriveCommand,
  replay: replayCommand,
  backfill: backfillCommand,
  declare: declareCommand,
};
