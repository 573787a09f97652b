import { auditCommand } from './audit.ts';
import { backfillCommand } from './backfill.ts';
import { completionCommand } from './completion.ts';
import { consoleCommand } from './console.ts';
import { containsCommand } from './contains.ts';
import { costCommand } from './cost.ts';
import { cveCommand } from './cve.ts';
import { datadogCommand } from './datadog.ts';
import { declareCommand } from './declare.ts';
import { diffCommand } from './diff.ts';
import { doctorCommand } from './doctor.ts';
import { gateCommand } from './gate.ts';
import type { Commands } from './help.ts';
import { historyCommand } from './history.ts';
import { lifecycleCommand } from './lifecycle.ts';
import { policyCommand } from './policy.ts';
import { previewCommand } from './preview.ts';
import { redriveCommand } from './redrive.ts';
import { replayCommand } from './replay.ts';
import { repositoriesCommand } from './repositories.ts';
import { serviceCommand } from './service.ts';
import { tagsCommand } from './tags.ts';
import { whoCommand } from './who.ts';

const OTHERS: Commands = {
  who: whoCommand,
  history: historyCommand,
  diff: diffCommand,
  contains: containsCommand,
  service: serviceCommand,
  cve: cveCommand,
  repositories: repositoriesCommand,
  console: consoleCommand,
  tags: tagsCommand,
  gate: gateCommand,
  lifecycle: lifecycleCommand,
  cost: costCommand,
  doctor: doctorCommand,
  audit: auditCommand,
  redrive: redriveCommand,
  replay: replayCommand,
  policy: policyCommand,
  preview: previewCommand,
  backfill: backfillCommand,
  declare: declareCommand,
  datadog: datadogCommand,
};

/** Every command by its name, in the order of the help. */
export const COMMANDS: Commands = { ...OTHERS, completion: completionCommand(OTHERS) };
