import type { Command, Option } from './command.ts';
import type { Shell } from './completion.ts';
import type { Commands } from './help.ts';
import { EVERYWHERE, flag } from './options.ts';

/** What a shell has to run to complete these commands, line by line. */
export function completionScript(shell: Shell, commands: Commands): readonly string[] {
  return SCRIPTS[shell](commands);
}

const SCRIPTS: Readonly<Record<Shell, (commands: Commands) => readonly string[]>> = { bash, zsh, fish };

/** Everything in the scripts is a name of ours: letters, digits and hyphens. */
function optionsOf({ options }: Command): readonly (readonly [string, Option])[] {
  const table: Readonly<Record<string, Option>> = { ...options, ...EVERYWHERE };
  return Object.entries(table).map(([name, option]) => [flag(name), option] as const);
}

function words(command: Command): readonly string[] {
  return optionsOf(command).map(([name]) => `--${name}`);
}

function bash(commands: Commands): readonly string[] {
  const withValues = (command: Command) =>
    optionsOf(command).flatMap(([name, { choices }]) => (choices ? [[name, choices] as const] : []));
  return [
    '_scan_response() {',
    `  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" words=""`,
    '  if [ "$COMP_CWORD" -eq 1 ]; then',
    `    words="${Object.keys(commands).join(' ')} --help"`,
    '  else',
    `    case "\${COMP_WORDS[1]} $previous" in`,
    ...Object.entries(commands).flatMap(([name, command]) =>
      withValues(command).map(
        ([option, choices]) => `      "${name} --${option}") words="${choices.join(' ')}" ;;`,
      ),
    ),
    `      *) case "\${COMP_WORDS[1]}" in`,
    ...Object.entries(commands).map(
      ([name, command]) =>
        `        ${name}) words="${[...(command.choices ?? []), ...words(command)].join(' ')}" ;;`,
    ),
    '      esac ;;',
    '    esac',
    '  fi',
    '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
    '}',
    'complete -o default -F _scan_response scan-response',
  ];
}

function zsh(commands: Commands): readonly string[] {
  return ['#compdef scan-response', 'autoload -U +X bashcompinit && bashcompinit', ...bash(commands)];
}

function fish(commands: Commands): readonly string[] {
  const first = '__fish_use_subcommand';
  return [
    'complete -c scan-response -f',
    ...Object.entries(commands).flatMap(([name, command]) => [
      `complete -c scan-response -n ${first} -a ${name} -d '${quoted(command.summary)}'`,
      ...(command.choices ?? []).map(
        (it) => `complete -c scan-response -n '__fish_seen_subcommand_from ${name}' -a ${it}`,
      ),
      ...optionsOf(command).map(([option, { value, says, choices }]) =>
        [
          `complete -c scan-response -n '__fish_seen_subcommand_from ${name}' -l ${option}`,
          ...(value ? ['-r'] : []),
          ...(choices ? [`-a '${choices.join(' ')}'`] : []),
          `-d '${quoted(says)}'`,
        ].join(' '),
      ),
    ]),
  ];
}

function quoted(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
}
