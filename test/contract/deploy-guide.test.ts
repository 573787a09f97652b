import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ofType, packagedResources, packageFolder } from './template.ts';

const guide = readFileSync('docs/deploy.md', 'utf8');

function all(pattern: RegExp): readonly string[] {
  return [...new Set([...guide.matchAll(pattern)].flatMap(([, found]) => found ?? []))];
}

describe('what the guide names is there', () => {
  test('outputs of the stack', () => {
    const text = readFileSync(`${packageFolder}/cloudformation-template-update-stack.json`, 'utf8');
    const { Outputs } = JSON.parse(text);
    expect(all(/\$\(output (\w+)\)/g).length).toBeGreaterThan(3);
    expect(all(/\$\(output (\w+)\)/g).filter((name) => !Object.hasOwn(Outputs, name))).toEqual([]);
  });

  test('parameters', () => {
    const named = [...all(/--param="(\w+)=/g), ...all(/^ {4}(\w+): /gm)];
    const text = readFileSync('serverless.yml', 'utf8').replaceAll(/!(GetAtt|Ref|Sub) /g, '');
    const { params } = parse(text);
    expect(named).toContain('memberAccounts');
    expect(named.filter((name) => !Object.hasOwn(params.default, name))).toEqual([]);
  });

  test('files and scripts', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
    const files = [...all(/\b((?:events|examples|test)\/[\w./-]+\.\w+)/g)];
    expect(files.length).toBeGreaterThan(3);
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
    expect(all(/npm run ([\w:]+)/g).filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });
});

const cost = /<!-- cost -->([\s\S]*)<!-- \/cost -->/.exec(guide)?.[1] ?? '';

// https://aws.amazon.com/cloudwatch/pricing/: an alarm of standard resolution is $0.10 a month.
test('the alarms are counted and paid for', () => {
  const count = ofType(packagedResources(), 'AWS::CloudWatch::Alarm').length;
  const [, said = '', dollars] = /^\| alarms \| (\d+) \| \$([\d.]+) \|$/m.exec(cost) ?? [];
  expect(Number(said)).toBe(count);
  expect(Number(dollars)).toBeCloseTo(count * 0.1);
});

describe('the first cost table adds up, to the cent of its rows', () => {
  const cells = cost.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  const priced = cells.filter(([, , price = '']) => /^\$[\d.]+ per /.test(price));
  const columns = (row: readonly string[] = []) => row.slice(3, -1);
  const usdIn = (cell = '') => Number(/\$([\d.]+)/.exec(cell)?.[1]);

  test.each(priced)('%s%s', (...row) => {
    const price = usdIn(row[2]);
    expect(columns(row).length).toBe(5);
    // A kB of one is a GB of a million, and the price of each other row is of a million.
    for (const cell of columns(row)) expect(Number.parseFloat(cell) * price).toBeCloseTo(usdIn(cell), 1);
  });

  test('column by column', () => {
    const [total, ...others] = cells.filter(([, what]) => what === '**a million**');
    expect(others).toEqual([]);
    expect(priced.length).toBe(8);
    const sums = columns(total).map((_, nth) =>
      priced.reduce((sum, row) => sum + usdIn(columns(row)[nth]), 0),
    );
    for (const [nth, sum] of sums.entries()) expect(sum).toBeCloseTo(usdIn(columns(total)[nth]), 1);
  });
});
