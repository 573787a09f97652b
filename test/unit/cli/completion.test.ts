import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../../lib/cli/commands.ts';
import { bundledCli } from '../../doubles/cli.ts';

const run = bundledCli();

/** What a real bash offers for a line, with the cursor at its end. */
async function completions(line: string): Promise<readonly string[]> {
  const { stdout } = await run(['completion', 'bash']);
  const words = line.split(' ');
  const script = `${stdout}
COMP_WORDS=(${words.map((it) => `'${it}'`).join(' ')})
COMP_CWORD=${words.length - 1}
spec=$(complete -p scan-response) || exit 9
$(sed -E 's/.*-F ([^ ]+) .*/\\1/' <<<"$spec")
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const answer = await promisify(execFile)('bash', ['--norc', '-c', script]);
  return answer.stdout.split('\n').filter((it) => it !== '');
}

describe('bash', () => {
  test('completes the commands', async () => {
    expect(await completions('scan-response ')).toEqual([...Object.keys(COMMANDS), '--help']);
    expect(await completions('scan-response wh')).toEqual(['who']);
    const all = ['contains', 'cve', 'console', 'cost', 'completion'];
    expect(await completions('scan-response c')).toEqual(all);
  });

  test('completes the options of a command, and no others', async () => {
    expect(await completions('scan-response who demo-api:latest --a')).toEqual(['--at', '--account', '--as']);
    expect(await completions('scan-response history demo-api:latest --a')).toEqual(['--at', '--account']);
    expect(await completions('scan-response redrive --d')).toEqual(['--dry-run']);
  });

  test('completes values where they can be listed', async () => {
    expect(await completions('scan-response who x --output ')).toEqual(['sha', 'digest', 'url']);
    expect(await completions('scan-response who x --as c')).toEqual(['commit', 'cve']);
    expect(await completions('scan-response redrive sl')).toEqual(['slack']);
    expect(await completions('scan-response completion ')).toEqual(
      expect.arrayContaining(['bash', 'zsh', 'fish']),
    );
  });
});

test('zsh gets bash’s through its own compatibility, fish its own lines', async () => {
  const zsh = await run(['completion', 'zsh']);
  expect(zsh.stdout).toMatch(/^#compdef scan-response\n/);
  const fish = await run(['completion', 'fish']);
  expect(fish.stdout).toContain("complete -c scan-response -n '__fish_seen_subcommand_from who' -l at -r");
  expect(
    fish.stdout.split('\n').every((line) => line === '' || line.startsWith('complete -c scan-response')),
  ).toBe(true);
});

test('another shell is wrong usage', async () => {
  expect(await run(['completion', 'powershell'])).toMatchObject({
    exit: 1,
    stderr: 'scan-response: completion takes bash, zsh, fish\n',
  });
});
