import { parseInstant } from '../../lib/instant.ts';
import { enhancedAnswer, enhancedFinding } from '../ecr/findings.ts';
import { createTask, type LocalTask } from '../ecs/events.ts';
import type { RunningStack } from '../stack.ts';

/** An incident as people live through it, and the commands that answer it. */
export interface Incident {
  readonly title: string;
  readonly story: string;
  readonly steps: readonly { readonly words: string; readonly args: readonly string[] }[];
}

/** When the person on call asks: 03:20 in Berlin. */
export const ASKED_AT = '2026-11-20T02:20:00.000Z';
export const ZONE = 'Europe/Berlin';

/** When each repository was last held against the registry, and since when it has been. */
export const VERIFIED = {
  verifiedAt: parseInstant('2026-11-20T02:15:00.000Z'),
  since: parseInstant('2026-11-01T00:00:00.000Z'),
};
export const REPOSITORIES = ['demo-api', 'web/shop'] as const;

/** No tag of these names a commit: the build's provenance does. */
const RELEASES = {
  good: { version: 'v1.8.0', commit: '4f0c2d1e8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d', run: 4711 },
  broken: { version: 'v1.8.1', commit: '9b7e3c5a1d2f4e6b8a0c9d7e5f3b1a2c4d6e8f0a', run: 4725 },
} as const;
const SOURCE = 'https://github.com/acme/demo-api';

const COMMITS = {
  anna: '71c0ffe2a1b3c4d5e6f708192a3b4c5d6e7f8091',
  bert: '2ab9d8e7f6051423c4d5e6f7a8b9c0d1e2f3a4b5',
} as const;

const curl = enhancedFinding({
  id: 'CVE-2026-20417',
  severity: 'HIGH',
  packages: [{ name: 'curl', version: '7.88.1', fixedInVersion: '7.88.2' }],
});
const openssl = enhancedFinding({
  id: 'CVE-2026-30611',
  severity: 'CRITICAL',
  packages: [{ name: 'openssl', version: '3.0.11', fixedInVersion: '3.0.17' }],
});

/** One thing that happens to the registry or to a service. */
export interface Happening {
  readonly at: string;
  readonly play: (stack: RunningStack, at: Date) => readonly object[];
}

/** What happened before anybody asked, in order. */
export const HAPPENINGS: readonly Happening[] = [
  { at: '2026-11-18T09:00:00Z', play: (stack) => release(stack, 'good', [curl]) },
  { at: '2026-11-18T09:05:00Z', play: (stack, at) => deploy(stack, 'good', at) },
  { at: '2026-11-19T15:02:11Z', play: pushTwice },
  { at: '2026-11-20T00:30:00Z', play: removeRelease },
  { at: '2026-11-20T01:41:00Z', play: (stack) => release(stack, 'broken', [openssl, curl]) },
  { at: '2026-11-20T01:55:00Z', play: (stack, at) => deploy(stack, 'broken', at) },
];

function release(
  { registry }: RunningStack,
  name: 'good' | 'broken',
  findings: Parameters<typeof enhancedAnswer>[0],
): readonly object[] {
  const { version, commit, run } = RELEASES[name];
  const { children, events } = registry.push('demo-api', {
    ...{ tags: [version, 'latest'], seed: name, platforms: ['linux/amd64'] },
    attestation: {
      ...{ predicate: 'v1', form: 'artifact' },
      source: { uri: `${SOURCE}.git#refs/heads/main`, commit },
      builderId: `${SOURCE}/actions/runs/${run}/attempts/1`,
    },
  });
  // What is scanned is the image, not the index that lists it.
  return [...events, registry.scan('demo-api', children[0]?.digest ?? '', enhancedAnswer(findings))];
}

/** What the service ran before: it stops when the next one runs. */
let before: LocalTask | undefined;

function deploy({ registry }: RunningStack, name: 'good' | 'broken', at: Date): readonly object[] {
  const { account, region } = registry;
  const task = createTask(
    { account, region, cluster: 'prod' },
    {
      ...{ service: 'demo', family: 'demo', deployment: name === 'good' ? 'ecs-svc/1001' : 'ecs-svc/1002' },
      architecture: 'x86_64',
      containers: [
        {
          name: 'app',
          image: `${account}.dkr.ecr.${region}.amazonaws.com/demo-api:latest`,
          digest: registry.find('demo-api')?.tags.get(RELEASES[name].version) ?? '',
        },
      ],
    },
  );
  const stopped = before?.stopped(at);
  before = task;
  return [task.running(at), ...(stopped ? [stopped] : [])];
}

/** Anna and Bert push the same tag in the same second; Bert's image has a tag of another commit as well. */
function pushTwice({ registry }: RunningStack): readonly object[] {
  const anna = registry.push('web/shop', { tags: [COMMITS.anna, 'release-7'], seed: 'anna' });
  const bert = registry.push('web/shop', { tags: [COMMITS.bert, 'sha-c0ffee5', 'release-7'], seed: 'bert' });
  return [...anna.events, ...bert.events];
}

/** Somebody tidies up, and deletes the image that the tag points to. */
function removeRelease({ registry }: RunningStack): readonly object[] {
  return registry.remove('web/shop', registry.find('web/shop')?.tags.get('release-7') ?? '');
}

export const INCIDENTS: readonly Incident[] = [
  {
    title: '`latest` moved, and production broke',
    story:
      'At 03:10 the error rate of `prod/demo` rises. It runs `demo-api:latest`, and `latest` moves; its tags are versions, and the commit is in the provenance that the build leaves. Which commit was it at 03:10, what is different from before, and is it what runs?',
    steps: [
      {
        words: 'Which commit was behind the tag at that minute?',
        args: ['who', 'demo-api:latest@{today 03:10}'],
      },
      {
        words: 'What changed, against the image before?',
        args: ['diff', 'demo-api:latest~1', 'demo-api:latest'],
      },
      { words: 'Did the service run it by then?', args: ['service', 'prod/demo', '--at', 'today 03:10'] },
    ],
  },
  {
    title: 'A critical vulnerability is announced',
    story: 'Everybody asks the same thing: are we affected, where does it run, and since when?',
    steps: [
      { words: 'Which images have it, and which services run them?', args: ['who', 'CVE-2026-30611'] },
      {
        words: 'And which ran it since yesterday?',
        args: ['cve', 'CVE-2026-30611', '--from', 'yesterday 12:00'],
      },
      {
        words: 'Was the image before it free of it?',
        args: ['diff', 'demo-api:latest~1', 'demo-api:latest'],
      },
    ],
  },
  {
    title: 'Two people pushed one tag, and then it was deleted',
    story:
      'Anna and Bert released `web/shop:release-7` in the same second, and at night somebody tidied the registry up. The tag is gone. Which commit was it? Here the honest answer is that nobody can know: ECR tells of pushes with whole seconds, and the tags of one image name two commits.',
    steps: [
      { words: 'What is it?', args: ['who', 'web/shop:release-7'] },
      { words: 'What was it, before it was deleted?', args: ['who', 'web/shop:release-7~1'] },
      { words: 'Everything that is on record of it:', args: ['history', 'web/shop:release-7'] },
    ],
  },
];
