import { BadReference } from '../errors.ts';
import { type Command, EXIT, type Output } from './command.ts';
import type { Commands } from './help.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** Prints what makes a shell complete commands and options. Repositories are not listed: that would read the table. */
export function completionCommand(others: Commands): Command {
  const command: Command = {
    usage: `completion ${SHELLS.join('|')}`,
    summary: 'Prints what your shell completes commands with: source <(scan-response completion bash).',
    options: {},
    takesReference: 'always',
    choices: SHELLS,
    async run(text): Promise<Output> {
      const shell = SHELLS.find((it) => it === text);
      if (!shell) throw new BadReference(`completion takes ${SHELLS.join(', ')}`);
      const { completionScript } = await import('./completion-script.ts');
      const lines = completionScript(shell, { ...others, completion: command });
      const document = { schema: 'scan-response.completion/v1', shell, script: lines.join('\n') };
      return { exit: EXIT.found, lines, document };
    },
  };
  return command;
}
