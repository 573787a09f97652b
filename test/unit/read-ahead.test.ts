import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Image, parseTag, type Repository } from '../../lib/image/reference.ts';
import type { Policy } from '../../lib/policy/policy.ts';
import { readAhead } from '../../lib/read-ahead.ts';
import { aDigest, anImageOf } from '../build/lineage.ts';

const IMAGE = anImageOf(aDigest('a'));
const OTHER = anImageOf(aDigest('b'));

/** What is asked for, in its order; a read of an image in `broken` fails. */
function counted(broken: readonly Image[] = []) {
  const asked: string[] = [];
  const ask = (what: string) => async (image: Image) => {
    asked.push(`${what} ${image.digest}`);
    await sleep(1);
    if (broken.includes(image)) throw new Error(`${what} cannot be had`);
    return undefined as never;
  };
  const loadOpenFindings = async (_: Repository, reference: string) => {
    asked.push(`open ${reference}`);
    if (broken.length > 0) throw new Error('open findings cannot be had');
    return undefined;
  };
  return { asked, ports: { findScan: ask('scan'), loadImage: ask('record'), loadOpenFindings, policyOf } };
}

const policyOf = async (): Promise<Policy> => ({ trackedTags: ['latest'], notifyAt: 'CRITICAL' });

/** Node tells of these when nobody has taken a failure for a while. */
const unhandled: unknown[] = [];
const keep = (reason: unknown) => unhandled.push(reason);
beforeEach(() => {
  unhandled.length = 0;
  process.on('unhandledRejection', keep);
});
afterEach(() => {
  process.off('unhandledRejection', keep);
});

test('what was begun with is asked for once, however often it is read', async () => {
  const { asked, ports } = counted();
  const ahead = readAhead(IMAGE, [], ports);
  expect(asked).toEqual([`scan ${IMAGE.digest}`, `record ${IMAGE.digest}`]);
  const again = { ...IMAGE };
  await Promise.all([ahead.ports.findScan(IMAGE), ahead.ports.findScan(again), ahead.ports.loadImage(again)]);
  await ahead.done;
  expect(asked).toHaveLength(2);
});

test('what is read of others goes through', async () => {
  const { asked, ports } = counted();
  const ahead = readAhead(IMAGE, [], ports);
  await Promise.all([ahead.ports.findScan(OTHER), ahead.ports.loadImage(OTHER), ahead.done]);
  expect(asked.slice(2)).toEqual([`scan ${OTHER.digest}`, `record ${OTHER.digest}`]);
});

test('what hangs on the tags that an event names is read at once, and of other references when somebody asks', async () => {
  const { asked, ports } = counted();
  const ahead = readAhead(IMAGE, [parseTag('latest'), parseTag('c0ffee')], ports);
  await ahead.done;
  const early = ['open latest', 'open /newest-push'];
  expect(asked.slice(2)).toEqual(early);
  const load = (reference: string) => ahead.ports.loadOpenFindings(IMAGE.repository, reference);
  await Promise.all([load('latest'), load('main')]);
  expect(asked.slice(2)).toEqual([...early, 'open main']);
});

test('a baseline that was read early serves once: who asks again may have to see what was written since', async () => {
  const { asked, ports } = counted();
  const ahead = readAhead(IMAGE, [parseTag('latest')], ports);
  await ahead.done;
  const load = () => ahead.ports.loadOpenFindings(IMAGE.repository, '/newest-push');
  await load();
  expect(asked.filter((it) => it === 'open /newest-push')).toHaveLength(1);
  await load();
  expect(asked.filter((it) => it === 'open /newest-push')).toHaveLength(2);
});

test('`done` waits for both, also when one fails at once', async () => {
  const read: string[] = [];
  const loadImage = async () => {
    await sleep(10);
    read.push('record');
    return undefined;
  };
  const findScan = () => Promise.reject(new Error('throttled'));
  await expect(readAhead(IMAGE, [], { ...counted().ports, findScan, loadImage }).done).rejects.toThrow(
    'throttled',
  );
  expect(read).toEqual(['record']);
});

test('a read that failed early is seen by whoever asks, later as well, and goes to nobody else', async () => {
  const { ports } = counted([IMAGE]);
  const ahead = readAhead(IMAGE, [parseTag('latest')], ports);
  const waited = ahead.done.catch(() => undefined);
  await sleep(20);
  await expect(ahead.ports.findScan(IMAGE)).rejects.toThrow('scan cannot be had');
  await expect(ahead.ports.loadImage(IMAGE)).rejects.toThrow('record cannot be had');
  const open = ahead.ports.loadOpenFindings(IMAGE.repository, 'latest');
  await expect(open).rejects.toThrow('open findings cannot be had');
  await expect(ahead.ports.findScan(OTHER)).resolves.toBeUndefined();
  await waited;
  await sleep(5);
  expect(unhandled).toEqual([]);
});
