import { basicAnswer, basicFinding, enhancedAnswer, enhancedFinding } from '../ecr/findings.ts';
import { createTask, type LocalTask } from '../ecs/events.ts';
import { rateLimited } from '../slack.ts';
import type { RunningStack } from '../stack.ts';
import { COMMITS } from './commits.ts';

/** One thing that happens in the story. */
export interface Chapter {
  readonly title: string;
  /** Does to the registry what people and AWS do, and sends the events that AWS would send. */
  readonly play: (stack: RunningStack) => void;
  /** Messages that Slack and SNS have in all once the chapter is over. */
  readonly messagesSoFar: number;
}

const openssl = enhancedFinding({
  id: 'CVE-2026-30611',
  severity: 'CRITICAL',
  packages: [{ name: 'openssl', version: '3.0.11', fixedInVersion: '3.0.17' }],
  score: 9.8,
  fixAvailable: 'YES',
  exploitAvailable: 'YES',
});
const zlib = enhancedFinding({
  id: 'CVE-2026-11872',
  severity: 'CRITICAL',
  packages: [{ name: 'zlib1g', version: '1.2.13' }],
  score: 9.1,
  fixAvailable: 'NO',
});
const curl = enhancedFinding({
  id: 'CVE-2026-20417',
  severity: 'HIGH',
  packages: [{ name: 'curl', version: '7.88.1', fixedInVersion: '7.88.2' }],
  score: 7.5,
  fixAvailable: 'YES',
});
const tar = basicFinding({ name: 'CVE-2025-45582', severity: 'MEDIUM', package: 'tar', version: '1.34' });
const glibc = basicFinding({
  name: 'CVE-2026-4911',
  severity: 'CRITICAL',
  package: 'glibc',
  version: '2.36',
});

function push(
  stack: RunningStack,
  repository: string,
  image: Parameters<RunningStack['registry']['push']>[1],
) {
  const pushed = stack.registry.push(repository, image);
  for (const event of pushed.events) stack.bus.put(event);
  return pushed;
}

/** What BuildKit writes down when it fetches the source itself. */
const PROVENANCE = {
  form: 'artifact',
  predicate: 'v1',
  source: { uri: 'https://github.com/acme/worker.git#refs/heads/main', commit: COMMITS.worker },
  builderId: 'https://github.com/acme/worker/actions/runs/4711/attempts/1',
} as const;

let brokenScan: object = {};
let brokenTask: LocalTask | undefined;

/** ECS starts a task of the service that runs demo-api, and tells of it. */
function deploy(stack: RunningStack, digest: string, deployment: string): LocalTask {
  const { account, region } = stack.registry;
  const image = `${account}.dkr.ecr.${region}.amazonaws.com/demo-api:latest`;
  const task = createTask(
    { account, region, cluster: 'prod' },
    {
      ...{ service: 'demo', family: 'demo', deployment, architecture: 'arm64' },
      containers: [{ name: 'app', image, digest }],
    },
  );
  stack.bus.put(task.running(new Date()));
  return task;
}

/** The story: what a week of a registry brings, in twenty seconds. */
export const CHAPTERS: readonly Chapter[] = [
  {
    title: 'A clean push: demo-api:latest and its commit',
    messagesSoFar: 0,
    play(stack) {
      const { digest } = push(stack, 'demo-api', { tags: [COMMITS.clean, 'latest'] });
      stack.bus.put(stack.registry.scan('demo-api', digest, enhancedAnswer([curl])));
    },
  },
  {
    title: 'latest moves, and brings two critical findings',
    messagesSoFar: 1,
    play(stack) {
      const { digest } = push(stack, 'demo-api', { tags: [COMMITS.broken, 'latest'] });
      brokenScan = stack.registry.scan('demo-api', digest, enhancedAnswer([openssl, zlib, curl]));
      stack.bus.put(brokenScan);
      brokenTask = deploy(stack, digest, 'ecs-svc/1001');
    },
  },
  {
    title: 'EventBridge delivers the same event again, twice',
    messagesSoFar: 1,
    play(stack) {
      stack.bus.put(brokenScan, { times: 2 });
    },
  },
  {
    title: 'Slack says 429 to the next one',
    messagesSoFar: 2,
    play(stack) {
      stack.slack.plan(rateLimited(2));
      const { digest } = push(stack, 'web/shop', { tags: ['release-7'] });
      stack.bus.put(stack.registry.scan('web/shop', digest, basicAnswer([glibc, tar])));
    },
  },
  {
    title: 'An image that cannot be scanned is not a clean image',
    messagesSoFar: 3,
    play(stack) {
      const { digest } = push(stack, 'tools/scratch', { tags: ['latest'] });
      const description =
        'UnsupportedImageError: The operating system and/or package manager are not supported.';
      stack.bus.put(
        stack.registry.scan('tools/scratch', digest, { status: 'UNSUPPORTED_IMAGE', description }),
      );
    },
  },
  {
    title: 'Two platforms, two scans, one message; its commit is in no tag',
    messagesSoFar: 4,
    play(stack) {
      const platforms = ['linux/amd64', 'linux/arm64'];
      const { children } = push(stack, 'worker', { tags: ['main'], platforms, attestation: PROVENANCE });
      const scanned = children.filter(({ platform }) => platforms.includes(platform));
      for (const { digest, platform } of scanned) {
        const findings = platform === 'linux/arm64' ? [openssl, zlib] : [openssl];
        stack.bus.put(stack.registry.scan('worker', digest, enhancedAnswer(findings)));
      }
    },
  },
  {
    title: 'The fix: latest moves again, and people hear that it is over',
    messagesSoFar: 5,
    play(stack) {
      const { digest } = push(stack, 'demo-api', { tags: [COMMITS.fixed, 'latest'] });
      stack.bus.put(stack.registry.scan('demo-api', digest, enhancedAnswer([])));
      deploy(stack, digest, 'ecs-svc/1002');
      if (brokenTask) stack.bus.put(brokenTask.stopped(new Date()));
    },
  },
  {
    title: 'An event that nobody can use goes to the dead letters, with its reason',
    messagesSoFar: 5,
    play(stack) {
      const [event] = stack.registry.push('demo-api', { tags: ['broken-event'] }).events;
      const text = JSON.stringify(event).replace(/sha256:[0-9a-f]{64}/, 'sha256:not-a-digest');
      stack.bus.put(JSON.parse(text));
    },
  },
];
