import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { basicAnswer } from '../../local/ecr/findings.ts';
import { basicFindings } from './findings.ts';
import { type Event, flowForFile } from './stack.ts';

const flow = flowForFile();
type QueueName = 'PushesQueue' | 'ScansQueue';

/** One of our sample events, about the repository. */
function sample(name: string, repository: string): Event {
  const event = JSON.parse(readFileSync(`events/${name}.json`, 'utf8'));
  return { ...event, detail: { ...event.detail, 'repository-name': repository } };
}

/** Without the field at the path, `detail.result` for example. */
function without(event: Event, path: string): object {
  const [field = '', inner] = path.split('.');
  const { [field]: value, ...rest } = event as Readonly<Record<string, unknown>>;
  if (inner === undefined) return rest;
  const { [inner]: _, ...others } = value as Readonly<Record<string, unknown>>;
  return { ...rest, [field]: others };
}

/** The body lies in the dead letters as it came, once, with a reason; nobody was told. */
async function expectBuried(repository: string, body: string, reason: RegExp): Promise<void> {
  await flow().settled(repository);
  const { deadLetters, slack, sns, events, gauges } = flow().got(repository);
  expect(deadLetters).toEqual([{ body, reason: expect.stringMatching(reason) }]);
  expect([slack, sns, events, gauges]).toEqual([[], [], [], []]);
}

describe('what cannot be used goes to the dead letters with its reason, once', () => {
  test.each<[QueueName]>([['PushesQueue'], ['ScansQueue']])('not JSON, in the %s', async (queue) => {
    const body = `{"repository-name": bad/json-${queue} `;
    flow().send(queue, body);
    await expectBuried(`bad/json-${queue}`, body, /^the body is not JSON$/);
  });

  test.each<[QueueName, string, string, RegExp]>([
    [
      'PushesQueue',
      'ecr-image-action.push',
      'ECR Artifact Action',
      /nothing here answers ECR Artifact Action/,
    ],
    ['PushesQueue', 'ecr-image-action.push', 'constructor', /nothing here answers constructor/],
    [
      'ScansQueue',
      'ecr-image-scan.complete',
      'Inspector2 Coverage',
      /nothing here answers Inspector2 Coverage/,
    ],
    ['PushesQueue', 'ecr-image-action.push', 'ECR Image Scan', /a scan came to the queue for pushes/],
    ['ScansQueue', 'ecr-image-action.push', 'ECR Image Action', /a push came to the queue for scans/],
  ])('%s: %s as %s', async (queue, name, type, reason) => {
    const repository = `bad/type-${queue.slice(0, 4).toLowerCase()}-${type.toLowerCase().replaceAll(' ', '-')}`;
    const body = JSON.stringify({ ...sample(name, repository), 'detail-type': type });
    flow().send(queue, body);
    await expectBuried(repository, body, reason);
  });

  const envelope = ['id', 'detail-type', 'source', 'account', 'time', 'region'];
  const fields: [QueueName, string, string][] = [
    ...[...envelope, 'detail.action-type', 'detail.result', 'detail.image-digest'].map(
      (path): [QueueName, string, string] => ['PushesQueue', 'ecr-image-action.push', path],
    ),
    ...[...envelope, 'detail.image-digest'].map((path): [QueueName, string, string] => [
      'ScansQueue',
      'ecr-image-scan.complete',
      path,
    ]),
    ['ScansQueue', 'inspector2-scan.initial', 'detail.image-digest'],
  ];

  test.each(fields)('%s: %s without %s', async (queue, name, path) => {
    const repository = `bad/without-${name}-${path}`;
    const body = JSON.stringify(without(sample(name, repository), path));
    flow().send(queue, body);
    await expectBuried(repository, body, new RegExp(`^(detail\\.)?${path.replace('detail.', '')}\\b`));
  });

  // Neither names a repository, so the id tells whose they are.
  test.each<[QueueName, string, string]>([
    ['PushesQueue', 'ecr-image-action.push', 'detail'],
    ['PushesQueue', 'ecr-image-action.push', 'detail.repository-name'],
    ['ScansQueue', 'ecr-image-scan.complete', 'detail'],
    ['ScansQueue', 'ecr-image-scan.complete', 'detail.repository-name'],
  ])('%s: %s without %s', async (queue, name, path) => {
    const id = `${queue}-without-${path.replace('.', '-')}`;
    const body = JSON.stringify(without({ ...sample(name, 'none'), id }, path));
    flow().send(queue, body);
    await expectBuried(id, body, new RegExp(`^(detail\\.)?${path.replace('detail.', '')}: `));
  });

  test.each([
    ['short', `sha256:${'ab'.repeat(31)}`],
    ['upper-case', `sha256:${'AB'.repeat(32)}`],
    ['other-hash', `sha512:${'ab'.repeat(64)}`],
    ['newline', `sha256:${'ab'.repeat(32)}\n`],
  ])('a digest that is not 64 hex, through the rules: %s', async (kind, digest) => {
    for (const name of ['ecr-image-action.push', 'ecr-image-scan.complete', 'inspector2-scan.initial']) {
      const repository = `bad/digest-${kind}-${name}`;
      const event = sample(name, repository);
      const sent = { ...event, region: 'us-east-1', detail: { ...event.detail, 'image-digest': digest } };
      expect(flow().stack.bus.put(sent)).toHaveLength(1);
      await expectBuried(repository, JSON.stringify(sent), /image-digest: not a digest/);
    }
  });

  test('repository and tag outside their grammars', async () => {
    const repository = 'bad/../../etc';
    const body = JSON.stringify(sample('ecr-image-action.push', repository));
    flow().send('PushesQueue', body);
    await expectBuried(repository, body, /^detail\.repository-name: not a repository name/);
    const event = sample('ecr-image-action.push', 'bad/tag');
    const tagged = JSON.stringify({ ...event, detail: { ...event.detail, 'image-tag': 'a#b' } });
    flow().send('PushesQueue', tagged);
    await expectBuried('bad/tag', tagged, /^detail\.image-tag: /);
  });
});

describe('an image that is deleted meanwhile', () => {
  test('its push is recorded as gone', async () => {
    const { registry, bus } = flow().stack;
    const { digest, events } = registry.push('bad/gone-push', { tags: ['latest'] });
    registry.remove('bad/gone-push', digest);
    for (const event of events) bus.put(event);
    await flow().settled('bad/gone-push');
    expect(flow().got('bad/gone-push').deadLetters).toEqual([]);
    const image = (await flow().items('lineage', 'bad/gone-push')).find(({ pk }) => pk === `IMG#${digest}`);
    expect([...((image?.marks ?? []) as Set<string>)]).toEqual([expect.stringMatching(/^20.+Z#delete$/)]);
    expect(outcomes('bad/gone-push')).toEqual(['recorded-as-gone']);
  });

  test('an index whose manifest is gone, and a repository that never was, are recorded as gone', async () => {
    const { registry, bus } = flow().stack;
    const platforms = ['linux/amd64', 'linux/arm64'];
    const { digest, events } = registry.push('bad/gone-index', { tags: ['latest'], platforms });
    registry.remove('bad/gone-index', digest);
    for (const event of events) bus.put(event);
    bus.put({ ...sample('ecr-image-action.push', 'bad/no-repository'), region: 'us-east-1' });
    for (const repository of ['bad/gone-index', 'bad/no-repository']) {
      await flow().settled(repository);
      expect(flow().got(repository).deadLetters).toEqual([]);
      expect(outcomes(repository)).toContain('recorded-as-gone');
    }
  });

  test('its scan tells nobody anything', async () => {
    const { registry, bus } = flow().stack;
    const { digest } = registry.push('bad/gone-scan', { tags: ['latest'] });
    const event = registry.scan('bad/gone-scan', digest, basicAnswer(basicFindings('CRITICAL')));
    registry.remove('bad/gone-scan', digest);
    bus.put(event);
    await flow().settled('bad/gone-scan');
    const { slack, sns, events, gauges, deadLetters } = flow().got('bad/gone-scan');
    expect([slack, sns, events, gauges, deadLetters]).toEqual([[], [], [], [], []]);
  });
});

test('ECR that cannot be asked for a while is no bad input: answered later, once', async () => {
  const { digest } = flow().push('bad/ecr-away');
  await flow().settled('bad/ecr-away');
  // The client tries three times, the queue hands the event over again after that.
  flow().stack.ecr.fail('DescribeImages', 4, 'ServerException');
  flow().scan('bad/ecr-away', digest, basicAnswer(basicFindings('CRITICAL')));
  await flow().settled('bad/ecr-away');
  const { slack, sns, events, deadLetters } = flow().got('bad/ecr-away');
  expect([slack.length, sns.length, events.length, deadLetters.length]).toEqual([1, 1, 1, 0]);
  const failures = flow().stack.logs.filter(({ line }) =>
    JSON.stringify(line).includes('will be tried again'),
  );
  expect(failures).toHaveLength(1);
});

test('a batch of ten with three poisoned: the other seven are answered', async () => {
  const good = Array.from({ length: 7 }, (_, index) => `bad/mate-${index}`);
  const events = good.map((repository) => {
    const { digest } = flow().stack.registry.push(repository, { tags: ['latest'] });
    return flow().stack.registry.scan(repository, digest, basicAnswer(basicFindings('CRITICAL')));
  });
  const poison = ['nonsense bad/poison', '[]', JSON.stringify(sample('ecr-image-action.push', 'bad/poison'))];
  const bodies = events.map((event) => JSON.stringify(event));
  bodies.splice(0, 0, poison[0] ?? '');
  bodies.splice(4, 0, poison[1] ?? '');
  bodies.splice(9, 0, poison[2] ?? '');
  expect(bodies).toHaveLength(10);
  const before = flow().stack.invocations.length;
  for (const body of bodies) flow().send('ScansQueue', body);
  for (const repository of [...good, 'bad/poison']) await flow().settled(repository);
  for (const repository of good) expect(flow().got(repository).slack).toHaveLength(1);
  const scans = flow()
    .stack.invocations.slice(before)
    .filter((it) => /scan-completed/.test(it.functionName));
  expect(scans).toHaveLength(1);
  const letters = flow().stack.queues.get('ScansDeadLetters')?.messages() ?? [];
  expect(
    letters
      .filter(({ body }) => poison.includes(body))
      .map(({ body }) => body)
      .sort(),
  ).toEqual(poison.sort());
});

/** What the log says became of the repository's pushes. */
function outcomes(repository: string): readonly string[] {
  const lines = flow().stack.logs.map(({ line }) => line as { repository?: string; outcome?: string });
  return lines.filter((line) => line.repository === repository).flatMap(({ outcome }) => outcome ?? []);
}
