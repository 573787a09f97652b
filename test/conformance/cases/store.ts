import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Digest } from '../../../lib/image/digest.ts';
import type { TagName } from '../../../lib/image/tag-event.ts';
import { saveRepository } from '../../../lib/store/image.ts';
import { repositoryPartition } from '../../../lib/store/keys.ts';
import { claim, settle } from '../../../lib/store/ledger.ts';
import { findRepositories } from '../../../lib/store/named.ts';
import { loadOpenFindings, saveOpenFindings } from '../../../lib/store/open-findings.ts';
import { loadLatestScan, saveScan } from '../../../lib/store/scan.ts';
import { loadHistory, loadNextEvent, saveTagEvent } from '../../../lib/store/tag-history.ts';
import { aDigest, anImageOf, aRepository, aTagEvent, aTagName, at } from '../../build/lineage.ts';
import { aNotice, aSubject } from '../../build/notice.ts';
import { aScan } from '../../build/scan.ts';
import type { ConformanceCase, Scene } from '../scene.ts';

const [A, B] = ['a', 'b'].map(aDigest) as [Digest, Digest];

/** A tag that no other case uses. */
function tagOf({ pk }: Scene): TagName {
  return aTagName({ repository: aRepository({ name: pk }) });
}

/** The service's own reading and writing. */
export const store: readonly ConformanceCase[] = [
  {
    name: 'store: a tag’s events in any order, and again, make one history and one head',
    run: async (scene) => {
      const {
        database: { lineage },
      } = scene;
      const name = tagOf(scene);
      const events = [aTagEvent('03:00', undefined), aTagEvent('01:00', A), aTagEvent('02:00', B)];
      for (const event of [...events, ...events]) await saveTagEvent(lineage, name, event);
      const history = await loadHistory(lineage, name, { at: at('02:30'), limit: 9 });
      const next = await loadNextEvent(lineage, name, at('02:30'));
      const { Item: head } = await lineage.client.send(
        new GetCommand({
          TableName: lineage.name,
          Key: { pk: repositoryPartition(name.repository), sk: `TAG#${name.tag}` },
        }),
      );
      return [history.map(({ digest }) => digest), next?.op, head?.digest];
    },
    expected: [[B, A], 'delete', undefined],
  },
  {
    name: 'store: repositories of one name, one for each account and region',
    run: async ({ database: { lineage }, pk }) => {
      for (const region of ['eu-west-1', 'us-east-1', 'eu-west-1'])
        await saveRepository(lineage, aRepository({ name: pk, region }));
      return (await findRepositories(lineage, pk)).map(({ repository }) => repository.region);
    },
    expected: ['eu-west-1', 'us-east-1'],
  },
  {
    name: 'store: of ten workers one claims a delivery, and once it is sent nobody does',
    run: async ({ database: { ledger }, pk }) => {
      const notice = aNotice({ subject: aSubject({ image: anImageOf(A, aRepository({ name: pk })) }) });
      const claims = await Promise.all(
        Array.from({ length: 10 }, () => claim(ledger, notice, 'slack', 1_000)),
      );
      const won = claims.flatMap((each) => (each.state === 'claimed' ? [each.token] : []));
      await settle(ledger, notice, 'slack', 'another token', { state: 'RETRY' });
      const held = await claim(ledger, notice, 'slack', 1_001);
      await settle(ledger, notice, 'slack', won[0] ?? '', { state: 'SENT', receipt: 'r' });
      return [won.length, held.state, (await claim(ledger, notice, 'slack', 9_000_000)).state];
    },
    expected: [1, 'busy', 'sent-before'],
  },
  {
    name: 'store: a lease that ended is claimed again, as a possible repeat',
    run: async ({ database: { ledger }, pk }) => {
      const notice = aNotice({ subject: aSubject({ image: anImageOf(A, aRepository({ name: pk })) }) });
      await claim(ledger, notice, 'sns', 1_000);
      const { state, ...rest } = await claim(ledger, notice, 'sns', 9_000_000);
      return [state, 'doubt' in rest && rest.doubt];
    },
    expected: ['claimed', 'open'],
  },
  {
    name: 'store: a scan is kept once, and the newest is found',
    run: async ({ database: { ledger }, pk }) => {
      const image = anImageOf(A, aRepository({ name: pk }));
      const subject = aSubject({ image });
      const first = aScan({ completedAt: at('02:00') });
      const second = aScan({ completedAt: at('03:00'), findings: [] });
      for (const scan of [second, first, first]) await saveScan(ledger, subject, 'key', scan);
      return (await loadLatestScan(ledger, image))?.completedAt;
    },
    expected: at('03:00'),
  },
  {
    name: 'store: a baseline moves forward only',
    run: async ({ database: { ledger }, pk }) => {
      const repository = aRepository({ name: pk });
      const open = { reference: 'latest', digest: A, pushedAt: at('01:00'), scanKey: 'k' };
      for (const [time, ids] of [
        ['02:00', ['1']],
        ['03:00', []],
        ['01:00', ['2']],
      ] as const)
        await saveOpenFindings(ledger, repository, { ...open, ids, readAt: at(time) });
      return (await loadOpenFindings(ledger, repository, 'latest'))?.ids;
    },
    expected: [],
  },
];
