import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeImageScanFindingsCommand, paginateDescribeImageScanFindings } from '@aws-sdk/client-ecr';
import { describe, expect, test } from 'vitest';
import { describeFile } from '../../../local/ecr/describe-file.ts';
import { basicAnswer, basicFinding, enhancedAnswer, enhancedFinding } from '../../../local/ecr/findings.ts';
import { pushedAt, repositoryName, startRegistry } from './ecr-client.ts';

function basicFindings(count: number) {
  return Array.from({ length: count }, (_, n) =>
    basicFinding({ name: `CVE-2026-${n}`, severity: n < 3 ? 'CRITICAL' : 'LOW', package: 'p', version: '1' }),
  );
}

describe('DescribeImageScanFindings', () => {
  test.each([
    ['basic by default', basicAnswer(basicFindings(250)), undefined, [100, 100, 50]],
    ['basic by what is asked', basicAnswer(basicFindings(250)), 1000, [250]],
    [
      'enhanced by 100, even when a thousand is asked',
      enhancedAnswer(
        basicFindings(250).map(({ name, severity }) => enhancedFinding({ id: name, severity, packages: [] })),
      ),
      1000,
      [100, 100, 50],
    ],
  ])('pages %s and repeats the counts', async (_what, answer, pageSize, sizes) => {
    const { registry, client } = await startRegistry();
    const { digest: imageDigest } = registry.push(repositoryName, {});
    registry.scan(repositoryName, imageDigest, answer);
    const ask = { repositoryName, imageId: { imageDigest } };
    const pages = paginateDescribeImageScanFindings({ client, ...(pageSize && { pageSize }) }, ask);
    const seen: number[] = [];
    for await (const { imageScanFindings: scan } of pages) {
      expect(scan?.findingSeverityCounts).toEqual({ CRITICAL: 3, LOW: 247 });
      seen.push((scan?.findings ?? scan?.enhancedFindings ?? []).length);
    }
    expect(seen).toEqual(sizes);
  });

  test('gives dates as dates, through the makers', async () => {
    const { registry, client } = await startRegistry();
    const { digest } = registry.push(repositoryName, { tags: ['latest'] });
    const observedAt = new Date('2026-11-19T01:02:03.500Z');
    const finding = enhancedFinding({
      id: 'CVE-2026-1',
      severity: 'HIGH',
      score: 8.1,
      packages: [{ name: 'zlib', version: '1', fixedInVersion: '2' }],
      observedAt,
    });
    registry.scan(repositoryName, digest, enhancedAnswer([finding], { completedAt: pushedAt }));
    const command = new DescribeImageScanFindingsCommand({ repositoryName, imageId: { imageTag: 'latest' } });
    expect(await client.send(command)).toMatchObject({
      registryId: '123456789012',
      repositoryName,
      imageId: { imageTag: 'latest', imageDigest: digest },
      imageScanStatus: { status: 'ACTIVE', description: 'Continuous scan is selected for image.' },
      imageScanFindings: {
        imageScanCompletedAt: pushedAt,
        findingSeverityCounts: { HIGH: 1 },
        enhancedFindings: [
          {
            updatedAt: observedAt,
            fixAvailable: 'YES',
            scoreDetails: { cvss: { score: 8.1 } },
            packageVulnerabilityDetails: {
              vulnerabilityId: 'CVE-2026-1',
              vulnerablePackages: [{ name: 'zlib', version: '1', fixedInVersion: '2' }],
            },
          },
        ],
      },
    });
  });

  test('leaves out what is not known', async () => {
    const { registry, client } = await startRegistry();
    const { digest: imageDigest } = registry.push(repositoryName, {});
    const command = new DescribeImageScanFindingsCommand({ repositoryName, imageId: { imageDigest } });
    registry.setScan(repositoryName, imageDigest, { status: 'FAILED', description: 'UnsupportedImageError' });
    const failed = await client.send(command);
    expect(failed.imageScanStatus).toEqual({ status: 'FAILED', description: 'UnsupportedImageError' });
    expect(failed).not.toHaveProperty('imageScanFindings');
    registry.setScan(repositoryName, imageDigest, { status: 'COMPLETE', findings: [] });
    expect((await client.send(command)).imageScanFindings).toEqual({ findings: [] });
  });

  test('knows no scan before there is one, after it was cleared, and by the tag of an index', async () => {
    const { registry, client } = await startRegistry();
    const { children } = registry.push(repositoryName, { tags: ['latest'], platforms: ['linux/amd64'] });
    const digest = children[0]?.digest ?? '';
    const ask = (imageId: { imageTag?: string; imageDigest?: string }) =>
      client.send(new DescribeImageScanFindingsCommand({ repositoryName, imageId }));
    const notFound = { name: 'ScanNotFoundException' };
    await expect(ask({ imageDigest: digest })).rejects.toMatchObject(notFound);
    registry.scan(repositoryName, digest, basicAnswer([]));
    expect((await ask({ imageDigest: digest })).imageScanFindings?.findingSeverityCounts).toEqual({});
    await expect(ask({ imageTag: 'latest' })).rejects.toMatchObject(notFound);
    registry.clearScan(repositoryName, digest);
    await expect(ask({ imageDigest: digest })).rejects.toMatchObject(notFound);
    registry.remove(repositoryName, digest);
    await expect(ask({ imageDigest: digest })).rejects.toMatchObject({ name: 'ImageNotFoundException' });
  });

  test.each([{ nextToken: 'made-up' }, { maxResults: 1001 }])('refuses %o', async (paging) => {
    const { registry, client } = await startRegistry();
    const { digest: imageDigest } = registry.push(repositoryName, {});
    registry.scan(repositoryName, imageDigest, basicAnswer([]));
    const ask = { repositoryName, imageId: { imageDigest }, ...paging };
    await expect(client.send(new DescribeImageScanFindingsCommand(ask))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });
});

const recorded = join(process.env.RECORDED_DIR ?? '../shared/recorded', 'findings');

describe.skipIf(!existsSync(recorded))('a recorded answer over the wire', () => {
  test.each([
    ['01b-splunk-basic-104', 104],
    ['05-moto-enhanced-untriaged', 2],
    ['09-awsapi-enhanced-example', 1],
    ['dlc-enhanced-402', 402],
  ])('%s gives its %i findings and its own counts', async (name, count) => {
    const { registry, client } = await startRegistry();
    const json = JSON.parse(readFileSync(join(recorded, `${name}.response.json`), 'utf8'));
    const { digest: imageDigest } = registry.push(repositoryName, {});
    registry.setScan(repositoryName, imageDigest, describeFile(json));
    const ask = { repositoryName, imageId: { imageDigest } };
    const pages = [];
    for await (const page of paginateDescribeImageScanFindings({ client }, ask)) {
      pages.push(page.imageScanFindings ?? {});
    }
    const counts = pages.map((scan) => scan.findingSeverityCounts);
    expect(counts).toEqual(pages.map(() => json.imageScanFindings.findingSeverityCounts));
    const found = pages.flatMap<object>((scan) => scan.findings ?? scan.enhancedFindings ?? []);
    expect(found).toHaveLength(count);
  });

  test('of Inspector keeps the dates of its findings', async () => {
    const { registry, client } = await startRegistry();
    const json = JSON.parse(readFileSync(join(recorded, '09-awsapi-enhanced-example.response.json'), 'utf8'));
    const { digest: imageDigest } = registry.push(repositoryName, {});
    registry.setScan(repositoryName, imageDigest, describeFile(json));
    const ask = { repositoryName, imageId: { imageDigest } };
    const { imageScanFindings: scan } = await client.send(new DescribeImageScanFindingsCommand(ask));
    const [finding] = scan?.enhancedFindings ?? [];
    const image = finding?.resources?.[0]?.details?.awsEcrContainerImage;
    expect(finding?.firstObservedAt).toEqual(new Date('2025-05-27T17:54:07.765Z'));
    expect(image?.pushedAt).toEqual(new Date('2025-05-27T17:53:50.554Z'));
    expect(image?.lastInUseAt).toEqual(new Date('2025-06-09T04:43:20.427Z'));
    expect(scan?.vulnerabilitySourceUpdatedAt).toEqual(new Date('2025-06-09T07:08:40.144Z'));
  });
});
