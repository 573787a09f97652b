import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { parseTag } from '../../lib/image/reference.ts';
import { tagEvidence } from '../../lib/image/tag-form.ts';

// What people copy into their own repository must leave the traces that our reader looks for.

const document = parseDocument(readFileSync('examples/github-actions/push.yml', 'utf8'));
const workflow = document.toJS();
const steps: readonly Step[] = workflow.jobs.push.steps;

interface Step {
  readonly uses: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

function step(action: string): Step {
  return steps.find(({ uses }) => uses.startsWith(`${action}@`)) ?? expect.fail(`no ${action}`);
}

describe('the GitHub Actions example', () => {
  test('is YAML without errors or warnings', () => {
    expect([...document.errors, ...document.warnings]).toEqual([]);
  });

  test.each(steps.map(({ uses }) => uses))('%s is one exact version', (uses) => {
    expect(uses).toMatch(/^[\w.-]+\/[\w.-]+@v\d+\.\d+\.\d+$/);
  });

  test('takes a role with a token of its own, has no secret, and may not write to the source', () => {
    expect(workflow.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
    expect(step('aws-actions/configure-aws-credentials').with).toHaveProperty('role-to-assume');
    expect(document.toString()).not.toMatch(/secrets\.|aws-access-key/);
  });

  test('builds from the commit that BuildKit fetches, with provenance', () => {
    const build = step('docker/build-push-action').with ?? {};
    expect(build).not.toHaveProperty('context');
    expect(build).toMatchObject({ push: true, provenance: expect.stringMatching(/^mode=(min|max)$/) });
    expect(steps.map(({ uses }) => uses)).not.toContainEqual(expect.stringContaining('actions/checkout'));
  });

  test('writes what is read of labels, of annotations of the index, and of tags', () => {
    const { with: input, env } = step('docker/metadata-action');
    const labels = String(input?.labels);
    expect(labels).toContain(`org.opencontainers.image.revision=\${{ github.sha }}`);
    expect(labels).toContain('org.opencontainers.image.source=');
    expect(env?.DOCKER_METADATA_ANNOTATIONS_LEVELS?.split(',')).toContain('index');
    const build = step('docker/build-push-action').with ?? {};
    for (const kind of ['tags', 'labels', 'annotations'])
      expect(build[kind]).toBe(`\${{ steps.meta.outputs.${kind} }}`);
    expect(String(input?.tags)).toContain('type=sha,format=long,prefix=\n');
    const commit = '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567';
    expect(tagEvidence(parseTag(commit))).toMatchObject({ commit, tier: 'tag-full' });
  });
});
