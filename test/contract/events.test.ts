import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { InvalidEvent } from '../../lib/errors.ts';
import type { IntakeEvent } from '../../lib/intake/event.ts';
import { parseEvent } from '../../lib/intake/parse.ts';
import type { Workload } from '../../lib/workload/workload.ts';
import { matches } from '../../local/event-rule.ts';
import { readTemplate } from '../../local/template.ts';
import { toldFrom } from '../../local/told-from.ts';
import { packagedResources } from './template.ts';

interface Sample {
  readonly id: string;
  readonly 'detail-type': string;
  readonly account: string;
  readonly region: string;
  readonly resources?: unknown;
  readonly detail: Readonly<Record<string, unknown>>;
}

function samplesIn(folder: string): readonly (readonly [name: string, event: Sample])[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return files.map((file) => [file, JSON.parse(readFileSync(join(folder, file), 'utf8'))] as const);
}

const samples = samplesIn('events');
const { rules } = readTemplate(
  { Resources: packagedResources() },
  { account: '111122223333', region: 'eu-west-1', queueUrl: (name) => `https://sqs/${name}` },
);

function rulesFor(event: object): readonly string[] {
  return rules.filter(({ pattern }) => matches(pattern, event)).map(({ name }) => name);
}

/** What an event says, without whom it is about: two files of one shape are one too many. */
function shapeOf({ 'detail-type': type, detail }: Sample): string {
  const value = (field: string) => detail[field];
  const presence = (field: string) => {
    if (value(field) === undefined) return [];
    return [value(field) === '' || String(value(field)) === '' ? `empty ${field}` : field];
  };
  return [
    type,
    ...[happened(detail) ?? []].flat(),
    ...(value('target-storage-class') ? [value('target-storage-class')] : []),
    ...(String(value('manifest-media-type')).includes('image.index') ? ['index'] : []),
    ...ecsShape(detail),
    ...['image-digest', 'image-tag', 'image-tags', 'finding-severity-counts', 'manifest-media-type'].flatMap(
      presence,
    ),
  ].join(', ');
}

/** What happened, in the service's own word. */
function happened(detail: Sample['detail']): unknown {
  const fields = ['action-type', 'scan-status', 'status', 'lastStatus', 'eventName'];
  return fields.map((field) => detail[field]).find((word) => word !== undefined);
}

/** What differs between the events of ECS: who keeps the task, what is known of it, why a deployment goes on. */
function ecsShape(detail: Sample['detail']): readonly string[] {
  const { containers, startedBy, startedAt, reason, eventName } = detail;
  if (eventName) return String(reason).includes('rolling back') ? ['rollback'] : [];
  if (!Array.isArray(containers)) return [];
  const isDigestKnown = containers.every(({ imageDigest }) => imageDigest);
  const keeper = String(startedBy).startsWith('ecs-svc/') ? 'of a service' : 'of no service';
  return [keeper, ...(isDigestKnown ? ['imageDigest'] : []), ...(startedAt ? ['startedAt'] : [])];
}

/** Every shape that AWS documents or that was recorded, and that the rules let through. */
const SHAPES = [
  'ECR Image Action, PUSH, image-digest, image-tag, manifest-media-type',
  'ECR Image Action, PUSH, index, image-digest, image-tag, manifest-media-type',
  'ECR Image Action, PUSH, image-digest, empty image-tag, manifest-media-type',
  'ECR Image Action, PUSH, image-digest, manifest-media-type',
  'ECR Image Action, PUSH, image-digest, image-tag',
  'ECR Image Action, DELETE, image-digest, image-tag, manifest-media-type',
  'ECR Image Action, DELETE, image-digest, empty image-tag, manifest-media-type',
  'ECR Image Action, DELETE, image-tag',
  'ECR Image Action, UPDATE_STORAGE_CLASS, ARCHIVE, image-digest, manifest-media-type',
  'ECR Image Action, UPDATE_STORAGE_CLASS, STANDARD, image-digest, manifest-media-type',
  'ECR Referrer Action, UPDATE_STORAGE_CLASS, STANDARD, image-digest, manifest-media-type',
  'ECR Replication Action, REPLICATE, image-digest, image-tag',
  'ECR Pull Through Cache Action, image-digest, image-tag',
  'ECR Image Scan, COMPLETE, image-digest, image-tags, finding-severity-counts',
  'ECR Image Scan, COMPLETE, image-digest, empty image-tags, finding-severity-counts',
  'ECR Image Scan, COMPLETE, image-digest',
  'ECR Image Scan, FAILED, image-digest, image-tags',
  'Inspector2 Scan, INITIAL_SCAN_COMPLETE, image-digest, image-tags, finding-severity-counts',
  'Inspector2 Finding, ACTIVE',
  'Inspector2 Finding, CLOSED',
  'Inspector2 Finding, SUPPRESSED',
  'ECS Task State Change, RUNNING, of a service, imageDigest, startedAt',
  'ECS Task State Change, RUNNING, of a service, startedAt',
  'ECS Task State Change, RUNNING, of no service, imageDigest, startedAt',
  'ECS Task State Change, STOPPED, of a service, imageDigest, startedAt',
  'ECS Task State Change, STOPPED, of a service',
  'ECS Deployment State Change, SERVICE_DEPLOYMENT_IN_PROGRESS',
  'ECS Deployment State Change, SERVICE_DEPLOYMENT_IN_PROGRESS, rollback',
  'ECS Deployment State Change, SERVICE_DEPLOYMENT_COMPLETED',
  'ECS Deployment State Change, SERVICE_DEPLOYMENT_FAILED',
];

/** What a sample's case says becomes of it. */
const ACTIONS: Readonly<Record<string, string>> = {
  push: 'push',
  delete: 'delete',
  archive: 'archive',
  restore: 'restore',
};

function workloadOf(event: IntakeEvent): Workload | undefined {
  if (event.kind === 'rollout-change') return event.workload;
  return event.kind === 'task-change' ? event.task.workload : undefined;
}

describe('our sample events', () => {
  test.each(samples)('%s is taken by exactly one rule and by intake', (file, event) => {
    expect(rulesFor(event)).toHaveLength(1);
    const taken = parseEvent(JSON.stringify(event));
    const [type = '', scenario = ''] = file.split('.');
    expect(type).toBe(event['detail-type'].toLowerCase().replaceAll(' ', '-'));
    expect(file).toMatch(/^[a-z0-9-]+\.[a-z0-9-]+\.json$/);
    const repository = { account: '111122223333', region: 'eu-west-1', name: 'shop/checkout' };
    const workload = workloadOf(taken);
    if (workload)
      return expect(workload).toMatchObject({
        account: '111122223333',
        region: 'eu-west-1',
        cluster: 'prod',
      });
    if (taken.kind === 'finding-hint') {
      const [image, ...others] = taken.images;
      expect(others).toEqual([]);
      expect(String(event.resources)).toContain(`${image?.repository.name}/${image?.digest}`);
      expect(image?.repository).toEqual(repository);
      return;
    }
    expect(taken).toMatchObject(
      taken.kind === 'scan-hint'
        ? { eventId: event.id, image: { repository, digest: event.detail['image-digest'] } }
        : { eventId: event.id, repository, action: ACTIONS[scenario.split('-')[0] ?? ''] },
    );
  });

  test('there is one for every shape', () => {
    const shapes = new Set(samples.map(([, event]) => shapeOf(event)));
    expect([...shapes].sort()).toEqual([...SHAPES].sort());
  });

  test('no two have the same id', () => {
    expect(new Set(samples.map(([, { id }]) => id)).size).toBe(samples.length);
  });
});

const recordedFolder = join(process.env.RECORDED_DIR ?? '../shared/recorded', 'events');

/** What other people recorded or AWS documents: which rule takes it, and what intake says to it. */
const RECORDED: readonly (readonly [file: string, rules: number, says: string | RegExp])[] = [
  ['aws-lambda-go-ecr-image-push.json', 1, /image-digest: not a digest/],
  ['aws-lambda-go-ecr-image-scan.json', 1, 'scan-hint'],
  ['awsdocs-2023-ecr-image-action-delete.json', 1, /image-digest: not a digest/],
  [
    'awsdocs-2023-ecr-scan-resource-change-scan_frequency_change.json',
    0,
    /nothing here answers ECR Scan Res/,
  ],
  ['awsdocs-2023-inspector2-scan-initial_scan_complete.json', 1, /image-digest: not a digest/],
  ['awsdocs-2026-ecr-image-action-archive.json', 1, 'image-action'],
  // AWS's page has 29 February 2023 in it, and a digest that is none.
  ['awsdocs-2026-ecr-pull-through-cache-action.json', 1, /time: /],
  ['awsdocs-2026-ecr-replication-action-success.json', 1, /image-digest: not a digest/],
  ['awsdocs-2026-inspector2-finding-ecr-active.json', 1, 'finding-hint'],
  ['iul1an-ecr-scan-completed.json', 1, 'scan-hint'],
  ['nudgebee-ecr-push-untagged-child-manifest.json', 1, 'image-action'],
];

describe.skipIf(!existsSync(recordedFolder))('recorded events', () => {
  const recorded = existsSync(recordedFolder) ? samplesIn(recordedFolder) : [];

  test('each has its row here', () => {
    expect(recorded.map(([file]) => file).sort()).toEqual(RECORDED.map(([file]) => file));
  });

  test.each(RECORDED)('%s: %i rules, %s', (file, count, says) => {
    const [, found] = recorded.find(([name]) => name === file) ?? [];
    const event = toldFrom(found ?? expect.fail(`no ${file}`), '111122223333', 'eu-west-1');
    expect(rulesFor(event)).toHaveLength(count);
    if (typeof says === 'string') {
      expect(parseEvent(JSON.stringify(event)).kind).toBe(says);
      return;
    }
    const parse = () => parseEvent(JSON.stringify(event));
    expect(parse).toThrow(InvalidEvent);
    expect(parse).toThrow(says);
  });
});
