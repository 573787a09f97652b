import { describe, expect, test } from 'vitest';
import { type SourceFile, sourceFiles } from './source-files.ts';

const product = sourceFiles('lib', 'functions');
const source = sourceFiles('lib', 'functions', 'local', 'build');
const tests = sourceFiles('test');

function lines({ text }: SourceFile): number {
  return text.split('\n').length - 1;
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

function sum(files: readonly SourceFile[]): number {
  return files.reduce((total, file) => total + lines(file), 0);
}

describe('the size of things', () => {
  test('no source file has more than 250 lines', () => {
    expect(source.filter((file) => lines(file) > 250).map(({ path }) => path)).toEqual([]);
  });

  test('the median source file has at most 70 lines', () => {
    expect(median(source.map(lines))).toBeLessThanOrEqual(70);
  });

  test('a Lambda entry point has at most 40 lines', () => {
    expect(sourceFiles('functions').filter((file) => lines(file) > 40)).toEqual([]);
  });

  test('there is at least as much test as source', () => {
    expect(sum(tests)).toBeGreaterThanOrEqual(sum(source));
  });
});

/** What they wait for never throws; what stands around a notice has a deadline, and what is late is left behind. */
const CANNOT_FAIL = ['lib/delivery/fold.ts', 'lib/queue/batch.ts', 'lib/find-background.ts'];

describe('what is deliberately absent', () => {
  const absent = (files: readonly SourceFile[], pattern: RegExp) =>
    files.filter(({ text }) => pattern.test(text)).map(({ path }) => path);

  test('module mocks', () => {
    expect(absent(tests, /\bvi\.(mock|doMock)\(/)).toEqual([]);
  });

  test('tests that are skipped or focused by hand', () => {
    expect(absent(tests, /\b(it|test|describe)\.(skip|todo|only)\(/)).toEqual([]);
  });

  test('classes other than errors', () => {
    expect(absent(product, /^export class \w+ (?!extends Error)/m)).toEqual([]);
  });

  test('a clock in the pure rooms', () => {
    const pure = sourceFiles(
      'lib/image',
      'lib/scan',
      'lib/policy',
      'lib/policy-file',
      'lib/intake',
      'lib/workload',
      'lib/picture',
      'lib/preview',
      'lib/tagging',
      'lib/lifecycle',
    );
    expect(absent(pure, /new Date\(\)|Date\.now\(\)/)).toEqual([]);
  });

  test('the environment outside of config', () => {
    expect(absent(product, /process\.env\b/)).toEqual(['lib/config.ts']);
  });

  test('`Promise.all` in what functions run: after a failure the rest would run on behind the answer', () => {
    const rooms = [
      'delivery',
      'heartbeat',
      'lookup',
      'queue',
      'reconcile',
      'registry',
      'slack-door',
      'store',
    ];
    const flows = product.filter(({ path }) => /^lib\/[^/]+$/.test(path));
    const found = absent([...flows, ...rooms.flatMap((it) => sourceFiles(`lib/${it}`))], /Promise\.all\(/);
    expect(found.filter((path) => !CANNOT_FAIL.includes(path))).toEqual([]);
  });

  test('names that say nothing', () => {
    const names = [...source, ...tests].map(({ path }) => path);
    expect(
      names.filter((path) => /(utils?|helpers?|common|shared|misc|manager)(\/|\.|-)/i.test(path)),
    ).toEqual([]);
  });

  test('text that becomes HTML, and scripts or styles inside of it', () => {
    const parsed =
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|srcdoc|\beval\(|new Function/;
    expect(absent(sourceFiles('lib/console'), parsed)).toEqual([]);
    expect(absent(sourceFiles('lib/console'), /<script>|<style|\sstyle="|\son[a-z]+="/)).toEqual([]);
  });

  test('mrkdwn, Slack’s markup that untrusted text could use', () => {
    expect(absent(product, /type: 'mrkdwn'/)).toEqual([]);
  });
});
