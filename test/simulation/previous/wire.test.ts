import { describe, expect, test } from 'vitest';
import type { Heartbeat, SinkMessage } from '../../../lib/delivery/delivery.ts';
import type { Sink } from '../../../lib/delivery/sink.ts';
import { formatDelivery } from '../../../lib/delivery/wire.ts';
import { formatOwnHint } from '../../../lib/intake/own-hint.ts';
import { toCounts } from '../../../lib/scan/severity.ts';
import { aRepository, at } from '../../build/lineage.ts';
import { aNotice, anImage } from '../../build/notice.ts';
import * as thisRelease from '../service-surface.ts';
import { PREVIOUS } from './release.ts';
import { surfaceOfRelease } from './surface.ts';

const found = await surfaceOfRelease(PREVIOUS);
const previous = 'surface' in found ? found.surface : undefined;
const title = 'missing' in found ? `left out: ${found.missing}` : 'what the simulation does not send';

describe.skipIf(!previous)(title, () => {
  test('a heartbeat of this release is posted by the previous one as it is', async () => {
    const shown = { scanType: 'enhanced', counts: toCounts({ CRITICAL: 2 }) } as const;
    const heartbeat: Heartbeat = {
      ...{ kind: 'measurement', key: 'beat', beatAt: at('03:30'), deployment: 'dev' },
      references: [{ repository: aRepository(), reference: 'latest', shown }],
      audit: [
        {
          ...{ account: '111122223333', region: 'eu-west-1' },
          ...{ check: 'lifecycle-none', severity: 'MEDIUM', count: 1 },
        },
      ],
      news: { finishedAt: at('03:20'), changes: [], changed: 0 },
    };
    const posted: SinkMessage[] = [];
    const sink: Sink = {
      name: 'datadog',
      isConfigured: async () => true,
      async send(message) {
        posted.push(message);
        return { state: 'sent' };
      },
    };
    const nothing = async () => {
      throw new Error('a heartbeat is not in the ledger');
    };
    const ports = { now: () => new Date(at('03:31')), claim: nothing, settle: nothing, putBack: nothing };
    const answer = await previous?.answerOrder({ body: formatDelivery(heartbeat), attempt: 1 }, sink, ports);
    expect(answer?.outcome).toBe('sent');
    expect(posted).toEqual([heartbeat]);
  });

  test('an order to chat is told there by the previous one too, and nowhere else', async () => {
    const untouched = async () => expect.fail('it was for chat');
    const sink: Sink = { name: 'sns', isConfigured: async () => true, send: untouched };
    const now = () => new Date(at('03:31'));
    const ports = { now, claim: untouched, settle: untouched, putBack: untouched };
    const body = formatDelivery(aNotice(), undefined, 'chat');
    const chat: Sink = { ...sink, name: 'chat', send: async () => ({ state: 'sent' }) };
    const ledger = {
      ...{ ...ports, settle: async () => undefined, other: chat },
      claim: async () => ({ state: 'claimed', token: 'token-1', doubt: 'none' }) as const,
    };
    const told = await previous?.answerOrder({ body, attempt: 1 }, sink, ledger);
    expect(told).toMatchObject({ sink: 'chat', outcome: 'sent' });
    // Where there is no topic for chat: for the dead letters, from which it is sent back once there is one.
    await expect(previous?.answerOrder({ body, attempt: 1 }, sink, ports)).rejects.toMatchObject({
      name: 'InvalidEvent',
      message: expect.stringMatching(/^to: /),
    });
  });

  test.each([{}, { isRetag: true }] as const)('a hint of this release is read alike: %o', (more) => {
    const body = formatOwnHint({ image: anImage(), id: 'one', at: at('03:30'), ...more });
    const read = previous?.parseScan(body);
    expect(read).toMatchObject({ image: anImage(), ...more });
    expect(read).toEqual(thisRelease.parseScan(body));
  });
});
