import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../../lib/cli/commands.ts';
import { bundledCli } from '../../doubles/cli.ts';

const run = bundledCli();
// Wrong usage is told before anybody is asked: nothing listens at this endpoint.
const nowhere = {
  AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1',
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
};

describe('help', () => {
  test.each(['--help', '-h', 'which --help'])('%s: every command, and what they need', async (line) => {
    const { exit, stdout, stderr } = await run(line.split(' '));
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    for (const name of Object.keys(COMMANDS)) expect(stdout).toContain(`scan-response ${name}`);
    for (const words of ['--at TIME', '--json', 'dynamodb:GetItem', 'Exit codes:'])
      expect(stdout).toContain(words);
  });

  test.each([
    ['who --help', ['--at TIME', '--json', 'Exit codes:'], ['scan-response history', '--limit', '--dry-run']],
    ['history demo-api:latest -h', ['--limit N', '--json'], ['scan-response who', '--from TIME']],
    ['redrive --help', ['--dry-run', '--role ARN'], ['--at TIME', '--limit']],
  ])('%s: its own options, and no others', async (line, own, others) => {
    const { exit, stdout, stderr } = await run(line.split(' '));
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    for (const words of own) expect(stdout).toContain(words);
    for (const words of others) expect(stdout).not.toContain(words);
  });

  test('is what there is to say without a command, on stderr', async () => {
    const { exit, stdout, stderr } = await run([]);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toContain('Exit codes:');
  });

  test.each([[], ...Object.keys(COMMANDS).map((name) => [name])])('%s fits a terminal', async (...name) => {
    const { stdout } = await run([...name, '--help']);
    expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(110);
  });
});

describe('wrong usage ends with 1, says what is right, and asks nobody', () => {
  test.each<[string, readonly string[], string]>([
    ['unknown command', ['which', 'demo-api:latest'], 'no such command: "which". See scan-response --help'],
    ['a command from the prototype', ['constructor', 'x'], 'no such command: "constructor"'],
    ['unknown option', ['who', 'demo-api:latest', '--since', 'now'], "Unknown option '--since'"],
    ['an option without its value', ['who', 'demo-api:latest', '--at'], '--at'],
    ['no reference', ['who'], 'usage: scan-response who '],
    [
      'an option of another command',
      ['who', 'a:b', '--limit', '3'],
      'who takes no --limit. See scan-response who --help',
    ],
    [
      'two references',
      ['history', 'a:b', 'c:d'],
      'usage: scan-response history <repository>:<tag> [--limit N]',
    ],
    ['a repository that cannot be', ['who', 'Demo_API:latest'], 'not a repository name'],
    ['a tag that cannot be', ['who', 'demo-api:-latest'], 'not a tag'],
    ['an empty tag', ['who', 'demo-api:'], 'not a tag'],
    ['no stage', ['who', 'demo-api:latest', '--stage', 'dev/x'], '--stage takes letters, digits and hyphens'],
    ['half a digest', ['who', 'demo-api@sha256:abc'], 'not a digest'],
    ['far too long', ['who', `demo-api:${'x'.repeat(1000)}`], 'too long for an image reference'],
  ])('%s', async (_what, args, words) => {
    const { exit, stdout, stderr } = await run(args, nowhere);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toContain(words);
    expect(stderr).toMatch(/^scan-response: /);
    expect(stderr).not.toContain('    at ');
  });

  test('--at with far too much', async () => {
    const { exit, stderr } = await run(['who', 'demo-api:latest', `--at=${'x'.repeat(10_000)}`], nowhere);
    expect(exit).toBe(1);
    expect(stderr.length).toBeLessThan(250);
  });

  test.each([
    ...['', ' ', 'tomorrow', '2026-11-20', '2026-13-01 10:00', '2026-02-30 10:00', '2026-02-30T10:00:00Z'],
    ...['2026-11-20 25:00', '3 parsecs ago', '-1h ago', '1700000000', 'yesterday 24:61'],
  ])('--at %j', async (text) => {
    const { exit, stdout, stderr } = await run(['who', 'demo-api:latest', `--at=${text}`], nowhere);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toContain('not a time');
    expect(stderr).toContain('Try 2026-11-20T03:10:00Z');
  });

  test.each(['', '0', '-1', '1.5', '1000', '1e2', 'all', ' 5', '0x10'])('--limit %j', async (text) => {
    const { exit, stdout, stderr } = await run(['history', 'demo-api:latest', `--limit=${text}`], nowhere);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toBe('scan-response: --limit takes a number from 1 to 999\n');
  });

  test('says it on stderr, in words, with --json too', async () => {
    const { exit, stdout, stderr } = await run(['who', '--json'], nowhere);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toContain('usage:');
  });
});
