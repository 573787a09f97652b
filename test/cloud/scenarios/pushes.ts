import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { imageManifest } from '../images.ts';
import type { Service } from '../service.ts';

const COMMIT = '4f0c2d1e8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d';
const OTHER = '9b7e3c5a1d2f4e6b8a0c9d7e5f3b1a2c4d6e8f0a';

/** Lets a second pass, since the emulated bus gives whole seconds; returns the instant in the middle of it. */
async function pause(): Promise<string> {
  await sleep(1000);
  const instant = new Date().toISOString();
  await sleep(1000);
  return instant;
}

/** What is pushed, moved and deleted is remembered, and the look-up answers from it. */
export function testPushes(service: () => Service): void {
  /** The JSON document that the look-up answers with. */
  async function ask(...args: readonly string[]) {
    const { code, out, error } = await service().deployment.cli(...args, '--json');
    expect({ code, error }).toEqual({ code: 0, error: '' });
    return JSON.parse(out);
  }

  test('a push is remembered: tag event, tag head, image, repository', async () => {
    const image = imageManifest('pushed');
    await service().push('cloud/pushed', image, [COMMIT]);
    const where = '111122223333#eu-west-1#cloud/pushed';
    const { digest } = image;
    expect(await service().items('lineage', 'cloud/pushed')).toMatchObject([
      { pk: `IMG#${digest}`, sk: `AT#${where}`, kind: 'image', tags: new Set([COMMIT]) },
      { pk: 'NAME#cloud/pushed', account: '111122223333', region: 'eu-west-1' },
      { pk: `REPO#${where}`, sk: `TAG#${COMMIT}`, digest },
      {
        pk: `TAG#${where}#${COMMIT}`,
        sk: expect.stringMatching(/^E#\d{4}-/),
        op: 'push',
        digest,
      },
    ]);
  });

  test('latest moves: who names both commits, each at its time; history has both', async () => {
    const [first, second] = [imageManifest('moved-1'), imageManifest('moved-2')];
    await service().push('cloud/moved', first, [COMMIT, 'latest']);
    const between = await pause();
    await service().push('cloud/moved', second, [OTHER, 'latest']);
    const then = await ask('who', 'cloud/moved:latest', '--at', between);
    const now = await ask('who', 'cloud/moved:latest');
    expect(then).toMatchObject({ digest: first.digest, provenance: { best: { commit: COMMIT } } });
    expect(then.until).toBe(now.since);
    expect(now).toMatchObject({ digest: second.digest, provenance: { best: { commit: OTHER } } });
    expect(now).not.toHaveProperty('until');

    const history = await ask('history', 'cloud/moved:latest');
    expect(history).toMatchObject({
      schema: 'scan-response.history/v1',
      entries: [
        {
          op: 'push',
          at: now.since,
          digest: second.digest,
          provenance: { best: { commit: OTHER } },
        },
        {
          op: 'push',
          at: then.since,
          digest: first.digest,
          provenance: { best: { commit: COMMIT } },
        },
      ],
    });
    expect(history.entries).toHaveLength(2);
  });

  test('a deleted tag is remembered as deleted, and what it was before', async () => {
    const image = imageManifest('deleted');
    await service().push('cloud/deleted', image, ['v1']);
    const detail = { 'repository-name': 'cloud/deleted', 'image-digest': image.digest, 'image-tag': 'v1' };
    await pause();
    await service().send('ecr-image-action.delete', detail);
    await service().settled();
    const history = await ask('history', 'cloud/deleted:v1');
    expect(history.entries).toMatchObject([{ op: 'delete' }, { op: 'push', digest: image.digest }]);
    const { code, error } = await service().deployment.cli('who', 'cloud/deleted:v1');
    expect(code).toBe(2);
    expect(error).toContain('cloud/deleted:v1 was deleted at ');
  });

  test('an event that nobody can use lies in the dead letters with its reason', async () => {
    const detail = { 'repository-name': 'cloud/malformed', 'image-digest': undefined };
    await service().send('ecr-image-action.push', detail);
    await expect
      .poll(() => service().farEnd.got('cloud/malformed').deadLetters, { timeout: 20_000 })
      .toMatchObject([{ attributes: { reason: expect.stringMatching(/^detail\.image-digest is missing/) } }]);
    const [letter] = service().farEnd.got('cloud/malformed').deadLetters;
    expect(JSON.parse(letter?.body ?? '')).toMatchObject({
      source: 'aws.ecr',
      account: '111122223333',
      detail: { 'repository-name': 'cloud/malformed', 'image-tag': 'latest' },
    });
  });
}
