import { expect, test } from 'vitest';
import { policyText } from '../build/stored.ts';
import { askCli, aTask, tell } from './ecs.ts';
import { documentOf, policyFile } from './lifecycle.ts';
import { flowForFile } from './stack.ts';

const flow = flowForFile();
const at = (time: string) => new Date(`2026-11-20T${time}:00Z`);

interface Document {
  readonly losses: Readonly<Record<'running' | 'rollback' | 'followed', readonly string[]>>;
  readonly images: readonly {
    readonly digest: string;
    readonly fate: string;
    readonly uses: readonly { readonly as: string; readonly relation: string }[];
  }[];
}

test('what ECR and ECS told the functions is what a preview knows', async () => {
  const repository = 'lifecycle/told';
  const push = (tag: string) =>
    flow().push(repository, { tags: [tag], platforms: ['linux/amd64', 'linux/arm64'] });
  const [old, current, next] = [push('v1'), push('v2'), push('v3')];
  await flow().settled(repository);
  const before = aTask('shop', { repository, digest: old.digest, deployment: 'ecs-svc/1' });
  const now = aTask('shop', { repository, digest: current.digest, deployment: 'ecs-svc/2' });
  await tell(flow(), [before.running(at('01:00')), now.running(at('02:00')), before.stopped(at('02:05'))]);

  const untagged = { tagStatus: 'untagged', countType: 'imageCountMoreThan', countNumber: 1 };
  const one = { tagStatus: 'tagged', tagPrefixList: ['v1'], countType: 'imageCountMoreThan', countNumber: 1 };
  const environment = { AWS_ENDPOINT_URL_ECR: flow().stack.ecr.url };
  const preview = async (...rules: readonly object[]) => {
    const file = await policyFile(policyText(...rules.map((selection) => ({ selection }))));
    const args = ['lifecycle', 'preview', repository, '--policy', file, '--json'];
    const { exit, out } = await askCli(flow(), args, environment);
    return { exit, document: documentOf<Document>('lifecycle', out) };
  };

  const kept = await preview(untagged, one);
  expect(kept.exit).toBe(0);
  expect(kept.document.images.filter(({ fate }) => fate !== 'kept')).toEqual([]);
  const usesOf = (digest: string) =>
    kept.document.images
      .find((it) => it.digest === digest)
      ?.uses.map(({ as, relation }) => `${as} ${relation}`);
  expect(usesOf(current.digest)).toEqual(['runs itself']);
  expect(usesOf(old.digest)).toEqual(['rollback itself']);
  expect(usesOf(next.digest)).toEqual([]);
  for (const { digest } of current.children) expect(usesOf(digest)).toEqual(['runs listed']);

  // All three were pushed within a second or so: the newest of them may be told apart, or not.
  const lost = await preview({ ...one, tagPrefixList: ['v'] });
  expect(lost.exit).toBe(2);
  expect(lost.document.losses).toMatchObject({ running: [current.digest], rollback: [old.digest] });
});
