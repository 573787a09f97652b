import { expect, test } from 'vitest';
import { basicAnswer } from '../../local/ecr/findings.ts';
import { askCli, aTask, tell } from './ecs.ts';
import { basicFindings } from './findings.ts';
import { flowForFile, type Item } from './stack.ts';

const flow = flowForFile();

interface Repository {
  readonly repository: { readonly name: string };
  readonly standing: string;
  readonly history: string;
  readonly references: readonly Readonly<Record<string, unknown>>[];
  readonly running: readonly Readonly<Record<string, unknown>>[];
}

async function overview(...args: readonly string[]): Promise<readonly Repository[]> {
  const { exit, out, error } = await askCli(flow(), ['repositories', ...args, '--json']);
  expect({ exit, error }).toEqual({ exit: 0, error: '' });
  return JSON.parse(out).repositories;
}

async function scanned(repository: string, answer: Parameters<ReturnType<typeof flow>['scan']>[2]) {
  const { digest } = flow().push(repository, { tags: ['latest'] });
  flow().scan(repository, digest, answer);
  await flow().settled(repository);
  return digest;
}

const standings = (all: readonly Repository[]) =>
  Object.fromEntries(all.map(({ repository, standing }) => [repository.name, standing]));

/** The items by which the list finds references: each repository has one at most. */
async function indexed(repository: string): Promise<readonly Item[]> {
  const items = await flow().items('ledger', repository);
  return items.filter(({ gsi1pk }) => gsi1pk === 'SHOWN' || gsi1pk === 'UNSCANNED');
}

test('what the service writes is what the list says, the worst first', async () => {
  expect(await askCli(flow(), ['repositories', '--json'])).toMatchObject({ exit: 2 });
  await scanned('a/clean', basicAnswer([]));
  await scanned('b/high', basicAnswer(basicFindings('HIGH', 3)));
  const unscanned = await scanned('c/failed', { status: 'FAILED' });
  await scanned('d/critical', basicAnswer(basicFindings('CRITICAL', 2)));
  const runs = await scanned('e/runs', basicAnswer(basicFindings('CRITICAL')));
  await tell(flow(), [aTask('shop', { repository: 'e/runs', digest: runs }).running(new Date())]);
  const all = await overview();
  expect(all.map(({ repository, standing }) => `${repository.name} ${standing}`)).toEqual([
    'e/runs runs-critical',
    'd/critical critical',
    'c/failed not-scanned',
    'b/high scanned',
    'a/clean scanned',
  ]);
  const [first, second, third, fourth, last] = all;
  expect(first?.running).toMatchObject([{ reference: 'latest', services: [{ name: 'shop', tasks: 1 }] }]);
  expect(second?.references).toMatchObject([{ reference: 'latest', counts: { CRITICAL: 2 } }]);
  expect(third?.references).toMatchObject([{ digest: unscanned, state: 'not-scanned', status: 'FAILED' }]);
  expect(third?.references[0]).not.toHaveProperty('counts');
  expect(fourth?.references).toMatchObject([{ counts: { CRITICAL: 0, HIGH: 3 } }]);
  expect(last?.references).toMatchObject([{ counts: { CRITICAL: 0, HIGH: 0 } }]);
  expect(all.map(({ history }) => history)).toEqual(Array(5).fill('never'));
  // One page after the other says the same.
  const pages: Repository[] = [];
  let next: string | undefined;
  do {
    const { out } = await askCli(flow(), [
      'repositories',
      '--limit',
      '2',
      ...(next ? ['--after', next] : []),
      '--json',
    ]);
    const page = JSON.parse(out) as { repositories: readonly Repository[]; next?: string };
    pages.push(...page.repositories);
    next = page.next;
  } while (next !== undefined);
  expect(standings(pages)).toEqual(standings(all));
});

test('a scan that comes takes the place of one that failed, and the walk says how far it looked', async () => {
  const digest = await scanned('f/later', { status: 'FAILED' });
  expect(standings(await overview())).toMatchObject({ 'f/later': 'not-scanned' });
  expect(await indexed('f/later')).toMatchObject([{ sk: 'REF#latest', gsi1pk: 'UNSCANNED' }]);
  flow().scan('f/later', digest, basicAnswer(basicFindings('LOW')));
  await flow().settled('f/later');
  expect(await indexed('f/later')).toEqual([]);
  flow().stack.registry.push('g/quiet', { tags: ['v1'] });
  expect((await flow().stack.runNow('scan-response-dev-reconcile')).error).toBeUndefined();
  await flow().stack.idle();
  const all = await overview();
  expect(standings(all)).toMatchObject({ 'f/later': 'scanned', 'g/quiet': 'unknown' });
  expect(all.find(({ repository }) => repository.name === 'f/later')?.history).toBe('verified');
});
