import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { basicAnswer, basicFinding, enhancedAnswer, enhancedFinding } from '../../local/ecr/findings.ts';
import { enhancedFindings } from './findings.ts';
import { gateDocument, gateScene } from './gate.ts';

const { gate, scanned } = gateScene();

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'step-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs the gate as a step of GitHub Actions does; what the runner would take for commands, and the summary. */
async function step(...args: readonly string[]) {
  const file = join(folder, `${args.join('-').replace(/\W+/g, '-')}.md`);
  await writeFile(file, 'before\n');
  const run = await gate(args, { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: file });
  return {
    ...run,
    summary: await readFile(file, 'utf8'),
    commands: commandsIn(`${run.stdout}\n${run.stderr}`),
  };
}

/** As the runner reads a line: https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs */
function commandsIn(
  output: string,
): readonly { readonly name: string; readonly title?: string; readonly data: string }[] {
  return output.split(/\r\n|\r|\n/).flatMap((line) => {
    const message = line.trimStart();
    const end = message.indexOf('::', 2);
    if (message.startsWith('::') && end > 0) {
      const [name = '', ...properties] = message.slice(2, end).split(' ');
      const title = properties
        .join(' ')
        .split(',')
        .find((it) => it.startsWith('title='))
        ?.slice('title='.length);
      return [{ name, ...(title && { title: unescaped(title) }), data: unescaped(message.slice(end + 2)) }];
    }
    return line.includes('##[') ? [{ name: 'v1', data: line }] : [];
  });
}

const unescaped = (text: string) =>
  text
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%');

describe('a step of GitHub Actions', () => {
  test('passed: no annotation, and a summary behind what others wrote', async () => {
    scanned('github/clean', basicAnswer([]));
    const { exit, commands, summary } = await step('github/clean:latest');
    expect({ exit, commands }).toEqual({ exit: 0, commands: [] });
    expect(summary).toMatch(/^before\n\n### PASSED: `github\/clean:latest`\n/);
    expect(summary).toContain('| critical | 0 | 0 | 0 |');
  });

  test('blocked: an error for each of ten findings, and one word on the others', async () => {
    scanned('github/bad', enhancedAnswer(enhancedFindings('CRITICAL', 13)));
    const { exit, commands, summary } = await step('github/bad:latest');
    expect(exit).toBe(1);
    expect(commands.map(({ name }) => name)).toEqual([...Array(10).fill('error'), 'notice']);
    expect(commands[0]).toEqual({
      name: 'error',
      title: 'CVE-2026-CRITICAL-0 (critical)',
      data: 'github/bad:latest: CVE-2026-CRITICAL-0 lib0 1.0 → 1.1',
    });
    expect(commands.at(-1)?.data).toBe('and 3 more findings');
    expect(summary).toContain('### BLOCKED: ');
    expect(summary.match(/^- critical: `CVE-2026-CRITICAL-\d+` `lib\d+` `1\.0` → `1\.1`$/gm)).toHaveLength(
      13,
    );
  });

  test('not scanned: one error with the reason', async () => {
    scanned('github/never');
    const { exit, commands, summary } = await step('github/never:latest');
    expect(exit).toBe(2);
    expect(commands).toEqual([
      {
        name: 'error',
        title: 'github/never:latest is not scanned',
        data: expect.stringContaining('no scan has begun'),
      },
    ]);
    expect(summary).toMatch(/- not known: `sha256:\w+ \(NOT_FOUND\): no scan has begun`: wait longer/);
  });

  test('--json leaves standard output to the document', async () => {
    scanned('github/json', enhancedAnswer(enhancedFindings('CRITICAL')));
    const { exit, stdout, stderr } = await step('github/json:latest', '--json');
    expect(exit).toBe(1);
    expect(gateDocument(stdout)).toMatchObject({ verdict: 'blocked' });
    expect(commandsIn(stderr)).toHaveLength(1);
  });

  test('a summary that cannot be written changes no verdict', async () => {
    scanned('github/full', basicAnswer([]));
    const run = await gate(['github/full:latest'], { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: folder });
    expect(run).toMatchObject({ exit: 0, stderr: expect.stringContaining('could not be written: EISDIR') });
  });

  test('elsewhere there is neither', async () => {
    scanned('github/not', enhancedAnswer(enhancedFindings('CRITICAL')));
    const { stdout, stderr } = await gate(['github/not:latest']);
    expect(commandsIn(`${stdout}\n${stderr}`)).toEqual([]);
  });
});

const HOSTILE = [
  '::set-output name=x::y',
  '\n::error::from a new line',
  '\r::stop-commands::token',
  '%0A::error::from an escape',
  '##[error]anywhere',
  '###[stop-commands]token',
  '`code` that ends',
  '``` fence',
  '</summary><img src=x onerror=alert(1)>',
  '[click](javascript:alert(1))',
  '| a cell | of a table |',
  '@everyone and <!channel>',
  '# heading\n- list\n> quote',
  '\u001b[2J\u001b]8;;http://evil\u0007link',
  '\u202Eevil\u2066',
  'title=x,file=/etc/passwd,line=1::',
  '$(rm -rf /)',
  '',
] as const;

describe('what others wrote is inert', () => {
  const nine = [HOSTILE.slice(0, 9), HOSTILE.slice(9)] as const;

  test.each([
    ['enhanced', 0],
    ['enhanced', 1],
    ['basic', 0],
    ['basic', 1],
  ] as const)('%s, %i', async (scanner, half) => {
    const repository = `hostile/${scanner}-${half}`;
    const texts = nine[half];
    scanned(
      repository,
      scanner === 'basic' ? basicAnswer(texts.map(basic)) : enhancedAnswer(texts.map(enhanced)),
    );
    const { exit, commands, summary, stdout, stderr } = await step(`${repository}:latest`);
    expect(exit).toBe(1);
    expect(commands.map(({ name }) => name)).toEqual(texts.map(() => 'error'));
    expect(invisibleIn(`${stdout}${stderr}${summary}`)).toEqual([]);
    const version = scanner === 'basic' ? ' (fix not told)' : ' → `…`';
    expect(withoutCode(summary).split('\n')).toEqual([
      'before',
      '',
      '### BLOCKED: `…`',
      '',
      '`…`',
      '',
      'Image `…`',
      '',
      '| severity | found | counted | at most |',
      '|---|--:|--:|--:|',
      `| critical | ${texts.length} | ${texts.length} | 0 |`,
      '',
      ...texts.map(() => `- critical: \`…\` \`…\` \`…\`${version}`),
      '',
    ]);
    const json = await step(`${repository}:latest`, '--json');
    expect(commandsIn(json.stdout)).toEqual([]);
    gateDocument(json.stdout);
  });

  test('a description of a failed scan, too', async () => {
    scanned('hostile/failed', { status: 'FAILED', description: '##[error]x\n::error::y `z`' });
    const { commands, summary } = await step('hostile/failed:latest');
    expect(commands.map(({ name }) => name)).toEqual(['error']);
    expect(withoutCode(summary)).not.toMatch(/error|z/);
  });
});

// An empty name is no name to basic scanning.
const basic = (text: string) =>
  basicFinding({ name: text, severity: 'CRITICAL', package: text || 'none', version: text });
const enhanced = (text: string) =>
  enhancedFinding({
    id: text,
    severity: 'CRITICAL',
    packages: [{ name: text, version: text, fixedInVersion: text || 'none' }],
  });

/** Control characters and what turns the direction of text, but for line ends. */
function invisibleIn(text: string): readonly string[] {
  return text.match(/[^\P{Cc}\n]|\p{Bidi_Control}/gu) ?? [];
}

/** Markdown with its inline code taken out: runs of backticks match runs of the same length (CommonMark 6.1). */
function withoutCode(markdown: string): string {
  return markdown.replace(/(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)/g, '`…`');
}
