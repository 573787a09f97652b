import type { Command, Output } from './command.ts';
import { MOMENT, PLACE } from './options.ts';

export const containsCommand: Command = {
  usage: 'contains <commit> <repository>:<tag>|<cluster>/<service>',
  summary:
    'Whether a commit is in an image, or in what a service runs: the same commit, or an ancestor of it.',
  options: {
    ...MOMENT,
    ...PLACE,
    clone: { value: 'FOLDER', says: 'a clone of the source, instead of the current folder' },
    offline: { says: 'do not ask the forge when the clone does not know' },
  },
  takesReference: 'two',
  async run(commit, options, tools, subject): Promise<Output> {
    // Only this command asks git and forges.
    const { containment } = await import('./containment.ts');
    return containment(commit, subject, options, tools);
  },
};
