import { expect, test } from 'vitest';
import { basicAnswer } from '../../../local/ecr/findings.ts';
import { rateLimited } from '../../../local/slack.ts';
import { basicFindings } from '../../flow/findings.ts';
import { gaugeSet } from '../../flow/stack.ts';
import { imageManifest } from '../images.ts';
import type { Service } from '../service.ts';

/** What is late, cannot be scanned, has no name, or meets a sink that refuses. */
export function testTroubles(service: () => Service): void {
  const told = (repository: string) => service().farEnd.told(repository);

  test('a scan that is not there yet is waited for, then told', async () => {
    const image = imageManifest('late');
    await service().push('cloud/late', image, ['latest']);
    await service().scanner.know('cloud/late', image);
    await service().send('ecr-image-scan.complete', {
      'repository-name': 'cloud/late',
      'image-digest': image.digest,
    });
    const looks = () =>
      service()
        .scanWay.looks.filter(({ digest }) => digest === image.digest)
        .map(({ answer }) => answer);
    await expect.poll(looks, { timeout: 20_000 }).toContainEqual('ScanNotFoundException');
    expect(told('cloud/late')).toEqual([0, 0, 0, 0]);
    await service().scanner.answer('cloud/late', image, basicAnswer(basicFindings('CRITICAL')));
    await service().settled();
    expect(looks().at(-1)).toBe('COMPLETE');
    expect(service().farEnd.got('cloud/late').gauges).toEqual([gaugeSet('latest', { critical: 1 })]);
    expect(told('cloud/late')).toEqual([1, 1, 1, 1]);
  });

  test('an image that could not be scanned is said, and is no number', async () => {
    const image = imageManifest('unscannable');
    await service().push('cloud/unscannable', image, ['latest']);
    const description = 'UnsupportedImageError: The operating system is not supported.';
    await service().scan('cloud/unscannable', image, { status: 'FAILED', description });
    const { slack, sns } = service().farEnd.got('cloud/unscannable');
    expect(slack).toEqual([expect.stringContaining('cloud/unscannable:latest was not scanned: FAILED')]);
    expect(slack[0]).toContain(description);
    expect(sns).toMatchObject([
      { body: { counts: null, notScanned: { status: 'FAILED' } }, attributes: { event: 'not-scanned' } },
    ]);
    expect(told('cloud/unscannable')).toEqual([1, 1, 1, 0]);
  });

  test('an image without a tag is told as the newest push', async () => {
    const image = imageManifest('untagged');
    await service().push('cloud/untagged', image);
    await service().scan('cloud/untagged', image, basicAnswer(basicFindings('CRITICAL')));
    const { slack, gauges } = service().farEnd.got('cloud/untagged');
    expect(gauges).toEqual([gaugeSet('/newest-push', { critical: 1 })]);
    expect(slack).toEqual([expect.stringContaining('1 critical in cloud/untagged (newest push)')]);
  });

  test('Slack says 429: the message comes when Slack asked for it, once, and the others did not wait', async () => {
    const image = imageManifest('limited');
    await service().push('cloud/limited', image, ['latest']);
    service().farEnd.slack.plan(rateLimited(3));
    const scanned = service().scan('cloud/limited', image, basicAnswer(basicFindings('CRITICAL')));
    await expect.poll(() => told('cloud/limited'), { timeout: 20_000 }).toEqual([0, 1, 1, 1]);
    await scanned;
    expect(told('cloud/limited')).toEqual([1, 1, 1, 1]);
    const ledger = await service().items('ledger', 'cloud/limited');
    const deliveries = ledger.filter(({ sk }) => `${sk}`.startsWith('DLV#'));
    expect(deliveries.map(({ state, attempts }) => `${state} ${attempts}`).sort()).toEqual([
      'SENT 1',
      'SENT 1',
      'SENT 1',
      'SENT 2',
    ]);
  });
}
