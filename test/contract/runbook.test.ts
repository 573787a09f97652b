import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bundledCli } from '../doubles/cli.ts';
import { ofType, packagedResources } from './template.ts';

const runbook = readFileSync('docs/runbook.md', 'utf8');
const PREFIX = 'scan-response-dev-';
const LABELS = ['What it means', 'Who is affected', 'Look first at', 'Fix', 'Verify'];

/** Sections by their heading. */
const sections = new Map(
  runbook
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [heading = '', ...lines] = section.split('\n');
      return [heading, lines.join('\n')] as const;
    }),
);
const alarms = ofType(packagedResources(), 'AWS::CloudWatch::Alarm').map(([, { Properties }]) =>
  String(Properties.AlarmName).slice(PREFIX.length),
);
/** Every line of the blocks of code. */
const commands = [
  ...new Set(
    [...runbook.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, code = '']) => code.trim().split('\n')),
  ),
];
const run = bundledCli();

test('every alarm of the packaged template has its section, and no section is about another', () => {
  expect([...sections.keys()].sort()).toEqual([...alarms].sort());
});

test.each(alarms)(
  '%s says what it means, who is affected, where to look, what to do and how to see it',
  (name) => {
    const labels = [...(sections.get(name) ?? '').matchAll(/^\*\*([^*]+)\.\*\* (\S)/gm)].map(
      ([, label]) => label,
    );
    expect(labels).toEqual(LABELS);
  },
);

test('every alarm names the runbook or what to do', () => {
  const descriptions = ofType(packagedResources(), 'AWS::CloudWatch::Alarm').map(
    ([, { Properties }]) => Properties.AlarmDescription,
  );
  for (const description of descriptions) expect(description).toContain('docs/runbook.md');
});

describe('every command exists', () => {
  test('there are some', () => {
    expect(commands.length).toBeGreaterThan(10);
  });

  test.each(commands.filter((it) => it.startsWith('scan-response ')))(
    '%s',
    async (line) => {
      const [, ...words] = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(
        ([, quoted, plain]) => quoted ?? plain ?? '',
      );
      const nowhere = { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_REGION: 'eu-west-1' };
      const credentials = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };
      // With the right words it goes as far as asking AWS, which is not there; with wrong ones it ends with 1.
      const { exit, stderr } = await run(words, { ...nowhere, ...credentials });
      expect([0, 5], stderr).toContain(exit);
    },
    30_000,
  );

  test.each(commands.filter((it) => it.startsWith('npx serverless ')))('%s', (line) => {
    const [, , command = '', ...words] = line.split(' ');
    expect(['deploy', 'logs']).toContain(command);
    const named = words.indexOf('--function');
    if (command === 'logs') expect(readdirSync('functions')).toContain(`${words[named + 1]}.ts`);
  });

  test('and there are no others', () => {
    expect(commands.filter((it) => !/^(scan-response|npx serverless) /.test(it))).toEqual([]);
  });
});
