import { expect, test } from 'vitest';
import { basicAnswer, enhancedAnswer } from '../../../local/ecr/findings.ts';
import { basicFindings, enhancedFindings } from '../../flow/findings.ts';
import { gaugeSet } from '../../flow/stack.ts';
import { imageManifest, indexManifest } from '../images.ts';
import type { Service } from '../service.ts';

/** What a scan found is told by every sink, once, in the numbers of the scan. */
export function testScans(service: () => Service): void {
  const told = (repository: string) => service().farEnd.told(repository);

  test('a clean scan is zero in every gauge, and no message', async () => {
    const image = imageManifest('clean');
    await service().push('cloud/clean', image, ['latest']);
    await service().scan('cloud/clean', image, basicAnswer([]));
    expect(service().farEnd.got('cloud/clean').gauges).toEqual([gaugeSet('latest')]);
    expect(told('cloud/clean')).toEqual([0, 0, 0, 1]);
  });

  test('criticals are in Slack, SNS and Datadog, with the attributes to filter on; the same event again is silent', async () => {
    const image = imageManifest('critical');
    await service().push('cloud/critical', image, ['latest']);
    const answer = basicAnswer([...basicFindings('CRITICAL', 2), ...basicFindings('LOW', 3)]);
    await service().scan('cloud/critical', image, answer);
    const { slack, sns, events, gauges } = service().farEnd.got('cloud/critical');
    expect(gauges).toEqual([gaugeSet('latest', { critical: 2, low: 3 })]);
    expect(slack).toHaveLength(1);
    expect(slack[0]).toMatch(
      /2 critical in cloud\/critical:latest.*CVE-2026-CRITICAL-0.*CVE-2026-CRITICAL-1/s,
    );
    expect(events).toMatchObject([{ text: expect.stringContaining('CVE-2026-CRITICAL-1') }]);
    expect(sns).toMatchObject([
      {
        subject: expect.stringContaining('2 critical in cloud/critical:latest'),
        body: {
          event: 'opened',
          digest: image.digest,
          counts: { CRITICAL: 2, LOW: 3 },
          findings: [{ id: 'CVE-2026-CRITICAL-0' }, { id: 'CVE-2026-CRITICAL-1' }],
        },
        attributes: {
          event: 'opened',
          severity: 'CRITICAL',
          repository: 'cloud/critical',
          image_tag: 'latest',
          account: '111122223333',
          region: 'eu-west-1',
          critical: '2',
        },
      },
    ]);

    const ledger = await service().items('ledger', 'cloud/critical');
    const looks = service().scanWay.looks.length;
    const detail = { 'repository-name': 'cloud/critical', 'image-digest': image.digest };
    await service().send('ecr-image-scan.complete', detail);
    await service().send('ecr-image-scan.complete', detail);
    await service().settled();
    expect(service().scanWay.looks.length).toBeGreaterThan(looks);
    expect(told('cloud/critical')).toEqual([1, 1, 1, 1]);
    expect(await service().items('ledger', 'cloud/critical')).toEqual(ledger);
  });

  test('an index of two platforms is one message', async () => {
    const [amd64, arm64] = [imageManifest('amd64'), imageManifest('arm64')];
    const index = indexManifest({ 'linux/amd64': amd64, 'linux/arm64': arm64 });
    await service().push('cloud/index', amd64);
    await service().push('cloud/index', arm64);
    await service().push('cloud/index', index, ['release-1']);
    for (const image of [amd64, arm64]) await service().scanner.know('cloud/index', image);
    await service().scanner.answer('cloud/index', amd64, enhancedAnswer(enhancedFindings('CRITICAL', 1)));
    await service().scan('cloud/index', arm64, enhancedAnswer(enhancedFindings('CRITICAL', 2)));
    const detail = { 'repository-name': 'cloud/index', 'image-digest': amd64.digest };
    await service().send('inspector2-scan.initial', detail);
    await service().settled();
    expect(told('cloud/index')).toEqual([1, 1, 1, 1]);
    const { sns, gauges } = service().farEnd.got('cloud/index');
    expect(gauges).toEqual([gaugeSet('release-1', { critical: 2 })]);
    expect(sns).toMatchObject([
      {
        body: {
          digest: index.digest,
          tags: ['release-1'],
          platforms: [{ platform: 'linux/amd64' }, { platform: 'linux/arm64' }],
          findings: [{ platforms: ['linux/amd64', 'linux/arm64'] }, { platforms: ['linux/arm64'] }],
        },
      },
    ]);
  });

  test('250 findings over three pages are 250, and the criticals of the last page are named', async () => {
    const image = imageManifest('pages');
    await service().push('cloud/pages', image, ['latest']);
    const findings = [...enhancedFindings('LOW', 247), ...enhancedFindings('CRITICAL', 3)];
    await service().scan('cloud/pages', image, enhancedAnswer(findings));
    const looks = service().scanWay.looks.filter(({ digest }) => digest === image.digest);
    expect(looks.map(({ page }) => page)).toEqual([0, 1, 2]);
    const { gauges, fixable, slack } = service().farEnd.got('cloud/pages');
    expect(gauges).toEqual([gaugeSet('latest', { critical: 3, low: 247 })]);
    expect(fixable).toEqual([gaugeSet('latest', { critical: 3, low: 247 })]);
    expect(slack).toEqual([expect.stringContaining('CVE-2026-CRITICAL-2')]);
  });
}
