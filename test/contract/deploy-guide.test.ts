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

// https://aws.amazon.com/cloudwatch/pricing/: an alarm of standard resolution is $0.10 a month.
test('the alarms are counted and paid for', () => {
  const count = ofType(packagedResources(), 'AWS::CloudWatch::Alarm').length;
  const [, word = '', dollars] = /\b(\w+) alarms \(\$([\d.]+)\)/.exec(guide) ?? [];
  const words = ['twelve', 'thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen'];
  expect(12 + words.indexOf(word)).toBe(count);
  expect(Number(dollars)).toBeCloseTo(count * 0.1);
});

/** The rows of the cost table: what, two quantities, the price, two amounts. */
const rows = guide
  .split('\n')
  .filter((line) => /^\|.*\$\d/.test(line) && line.split('|').length === 8)
  .map((line) => line.split('|').map((cell) => cell.trim()));
const priced = rows.filter(([, , , , price = '']) => price.startsWith('$'));

/** `3 × 4` is 12, `2.9 kB` is 0.0029 MB, `–` is nothing. */
function numberIn(cell = ''): number {
  const factors = cell.split('×').map((factor) => Number(/[\d.]+/.exec(factor)?.[0] ?? 0));
  return factors.reduce((product, factor) => product * factor, 1);
}

describe('the cost table adds up', () => {
  test.each(priced)('%s%s', (...row) => {
    const [, what = '', quiet, speaking, price, quietCost, speakingCost] = row;
    // Lambda's time: calls × 0.15 s × 0.25 GB. A kB an image is a GB a million.
    const factor = what.startsWith('Lambda time') ? 0.15 * 0.25 : 1;
    expect(numberIn(quiet) * factor * numberIn(price)).toBeCloseTo(numberIn(quietCost), 1);
    expect(numberIn(speaking) * factor * numberIn(price)).toBeCloseTo(numberIn(speakingCost), 1);
  });

  test.each([5, 6])('column %i', (column) => {
    const [total, ...others] = rows.filter(([, what = '']) => what.includes('a million images'));
    expect(others).toEqual([]);
    const sum = priced.reduce((so, row) => so + numberIn(row[column]), 0);
    expect(priced.length).toBe(8);
    expect(sum).toBeCloseTo(numberIn(total?.[column]), 2);
  });
});
