import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cpuUsage, stdout } from 'node:process';
import { DescribeImageScanFindingsCommand, ECRClient, type ECRClientConfig } from '@aws-sdk/client-ecr';
import { IN_TIME_FOR_FINDINGS } from '../lib/services/connect.ts';

// What a page of 1,000 enhanced findings costs to read, with the client's own logger and with ours:
// `npm run bench:client-logger`.

const FINDINGS = 1000;
const PAGES = 10;
const ROUNDS = 9;

const FINDING = {
  ...{ type: 'PACKAGE_VULNERABILITY', title: 'CVE-2026-0001 - openssl', severity: 'HIGH', status: 'ACTIVE' },
  ...{ description: 'x'.repeat(400), fixAvailable: 'YES', score: 7.5, updatedAt: 1_779_000_000 },
  packageVulnerabilityDetails: {
    ...{ vulnerabilityId: 'CVE-2026-0001', source: 'NVD', sourceUrl: 'https://nvd.nist.gov/' },
    cvss: [{ baseScore: 7.5, scoringVector: 'CVSS:3.1/AV:N/AC:L', source: 'NVD', version: '3.1' }],
    vulnerablePackages: [
      { name: 'openssl', version: '3.0.1', arch: 'AMD64', epoch: 0, packageManager: 'OS', release: '1' },
    ],
  },
};
const ANSWER = JSON.stringify({
  imageScanStatus: { status: 'ACTIVE' },
  imageScanFindings: { enhancedFindings: Array(FINDINGS).fill(FINDING) },
});

const server = createServer((request, response) => {
  request.resume();
  response.setHeader('content-type', 'application/x-amz-json-1.1').end(ANSWER);
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;

const there: ECRClientConfig = {
  endpoint: `http://127.0.0.1:${port}`,
  region: 'eu-west-1',
  credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'none' },
};
const { logger: _, ...withoutLogger } = IN_TIME_FOR_FINDINGS;
const clients = {
  own: new ECRClient({ ...there, ...withoutLogger }),
  ours: new ECRClient({ ...there, ...IN_TIME_FOR_FINDINGS }),
};

/** Milliseconds of CPU for a page, the server's with it. */
async function perPage(ecr: ECRClient): Promise<number> {
  const before = cpuUsage();
  for (let page = 0; page < PAGES; page += 1) {
    const imageId = { imageDigest: `sha256:${'a'.repeat(64)}` };
    await ecr.send(new DescribeImageScanFindingsCommand({ repositoryName: 'demo-api', imageId }));
  }
  const { user, system } = cpuUsage(before);
  return (user + system) / 1000 / PAGES;
}

const ratios: number[] = [];
for (let round = 0; round <= ROUNDS; round += 1) {
  const own = await perPage(clients.own);
  const ours = await perPage(clients.ours);
  // The first round compiles.
  if (round > 0) ratios.push(ours / own);
}
ratios.sort((a, b) => a - b);
const said = [ratios[0], ratios[Math.floor(ROUNDS / 2)], ratios.at(-1)]
  .map((it) => it?.toFixed(2))
  .join(', ');
stdout.write(
  `CPU of a page of ${FINDINGS} findings, ours to the client's own: ${said} (least, median, most)\n`,
);
server.close();
server.closeAllConnections();
