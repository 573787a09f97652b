import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { forBake, forDocker, forGitHub, type Naming } from '../../../lib/tagging/formats.ts';
import { parsePlace } from '../../../lib/tagging/place.ts';

const NAMING: Naming = {
  commit: 'c0ffee',
  names: ['demo-api:c0ffee', 'demo-api:prod-latest'],
  labels: { 'org.opencontainers.image.revision': 'c0ffee', 'org.opencontainers.image.version': '' },
};

/** Reads a file of GitHub's outputs as its runner does. https://github.com/actions/runner/blob/main/src/Runner.Worker/FileCommandManager.cs */
function outputsIn(lines: readonly string[]): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (let at = 0; at < lines.length; at += 1) {
    const [, name, end] = /^([^=]*?)<<(.+)$/.exec(lines[at] ?? '') ?? [];
    if (!name) throw new Error(`no output begins with ${lines[at]}`);
    const last = lines.indexOf(end ?? '', at + 1);
    if (last < 0) throw new Error(`${name} does not end`);
    found[name] = lines.slice(at + 1, last).join('\n');
    at = last;
  }
  return found;
}

describe('docker', () => {
  test('arguments that need no quotes', () => {
    expect(forDocker(NAMING)).toBe(
      '--tag demo-api:c0ffee --tag demo-api:prod-latest ' +
        '--label org.opencontainers.image.revision=c0ffee --label org.opencontainers.image.version=',
    );
  });

  test('a real bash reads each as one word, whatever is in it', () => {
    const words = fc.array(
      fc.string().filter((it) => !/\0/.test(it)),
      { minLength: 1, maxLength: 5 },
    );
    fc.assert(
      fc.property(words, (values) => {
        const nasty = [...values, "'; touch x; '", '$(id)', '~', '`id`', '*', ''];
        const line = forDocker({ ...NAMING, names: nasty, labels: {} });
        const script = `eval "set -- $1"; printf '%s\\0' "$@"`;
        const read = execFileSync('bash', ['--norc', '-c', script, 'bash', line], { encoding: 'utf8' });
        expect(read.split('\0').slice(0, -1)).toEqual(nasty.flatMap((it) => ['--tag', it]));
      }),
      { numRuns: 20 },
    );
  });
});

test('bake: a target to inherit from', () => {
  expect(JSON.parse(forBake(NAMING).join('\n'))).toEqual({
    target: { 'scan-response-tags': { tags: NAMING.names, labels: NAMING.labels } },
  });
});

describe('GitHub', () => {
  test('outputs', () => {
    expect(outputsIn(forGitHub(NAMING))).toEqual({
      image: 'demo-api:c0ffee',
      commit: 'c0ffee',
      version: '',
      tags: 'demo-api:c0ffee\ndemo-api:prod-latest',
      labels: 'org.opencontainers.image.revision=c0ffee\norg.opencontainers.image.version=',
    });
  });

  test('no value ends itself', () => {
    const lines = fc.array(fc.oneof(fc.constantFrom('END', 'END-', 'x<<END'), fc.stringMatching(/^\w*$/)));
    fc.assert(
      fc.property(lines, (names) => {
        expect(outputsIn(forGitHub({ ...NAMING, names }))).toMatchObject({ tags: names.join('\n') });
      }),
    );
  });
});

describe('where it is pushed', () => {
  test.each([
    'demo-api',
    'team/demo-api',
    '111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/demo-api',
    '127.0.0.1:5000/demo-api',
    'localhost/demo-api',
  ])('%s', (place) => {
    expect(parsePlace(place)).toBe(place);
  });

  test.each([
    'demo-api:latest',
    'demo-api@sha256:00',
    'Demo',
    'https://registry.example/demo-api',
    'user:secret@registry.example/demo-api',
    'registry.example/$(id)',
    '-x/demo',
    '127.0.0.1:5000/',
  ])('%s is refused', (place) => {
    expect(() => parsePlace(place)).toThrow(/^(not|say) /);
  });
});
