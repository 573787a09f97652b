import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { forGitHub } from '../../lib/tagging/formats.ts';
import { readWorkflow } from './workflow.ts';

// Its shell parts are run by test/cloud/push/workflow.test.ts, where a registry can be had.
const { defaults, permissions, steps, text, complaints } = readWorkflow('deploy.yml');
const shell = steps.flatMap(({ name = '', run, env = {} }) => (run ? [{ name, run, env }] : []));
const outputs = forGitHub({ commit: '', names: [], labels: {} });
const written: Readonly<Record<string, readonly string[]>> = {
  tags: outputs.flatMap((line) => /^(\w+)<</.exec(line)?.[1] ?? []),
  build: ['digest'],
};

describe('the example that deploys', () => {
  test('is YAML without errors or warnings, and has six shell parts', () => {
    expect(complaints).toEqual([]);
    expect(shell).toHaveLength(6);
  });

  test('takes a role with a token of its own, has no secret, and may not write to the source', () => {
    expect(permissions).toEqual({ contents: 'read', 'id-token': 'write' });
    expect(text).not.toMatch(/secrets\.|aws-access-key/);
  });

  test.each(steps.flatMap(({ uses }) => uses ?? []))('%s is one exact version', (uses) => {
    expect(uses).toMatch(/^[\w.-]+\/[\w.-]+@v\d+\.\d+\.\d+$/);
  });

  test('fails where any part of a pipe does', () => {
    expect(defaults).toEqual({ run: { shell: 'bash' } });
  });

  test('has the history that tells versions', () => {
    const checkout = steps.find(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkout?.with).toEqual({ 'fetch-depth': 0 });
  });

  describe.each(shell)('$name', ({ run, env }) => {
    test('is what bash can read', () => {
      execFileSync('bash', ['-n'], { input: run });
    });

    // https://docs.github.com/en/actions/reference/security/secure-use#use-an-intermediate-environment-variable
    test('has nothing in it that GitHub writes there: a name could be a command', () => {
      expect(run).not.toContain('${{');
    });

    test('takes outputs that there are', () => {
      for (const value of Object.values(env).filter((it) => it.includes('steps.'))) {
        const [, step = '', output] = /^\$\{\{ steps\.(\w+)\.outputs\.(\w+) \}\}$/.exec(value) ?? [];
        expect(written[step]).toContain(output);
      }
    });
  });

  test('goes by digest, from the push on', () => {
    const [gate, deploy] = shell.slice(-2);
    expect(gate?.run).toContain('gate "$REPOSITORY@$DIGEST"');
    expect(deploy?.run).toContain('"$REGISTRY/$REPOSITORY@$DIGEST"');
  });
});
