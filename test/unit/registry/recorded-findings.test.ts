import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseDigest } from '../../../lib/image/digest.ts';
import { findScan } from '../../../lib/registry/scan.ts';
import type { Reading } from '../../../lib/scan/scan.ts';
import { toCounts, total } from '../../../lib/scan/severity.ts';
import { describeFile } from '../../../local/ecr/describe-file.ts';
import { repositoryName, startRegistry } from '../local/ecr-client.ts';

const folder = join(process.env.RECORDED_DIR ?? '../shared/recorded', 'findings');

/** What each recorded answer says, by the list of its sources; where counts and list differ, the greater. */
const EXPECTED: Readonly<Record<string, object>> = {
  '01b-splunk-basic-104': scanned(
    'basic',
    { HIGH: 2, MEDIUM: 14, LOW: 22, INFORMATIONAL: 63, UNDEFINED: 3 },
    104,
  ),
  '05-moto-enhanced-untriaged': scanned('enhanced', { MEDIUM: 1, UNTRIAGED: 1 }, 2),
  '06-tdr-no-findings': scanned('basic', {}, 0),
  // Its counts say LOW, its list UNDEFINED: both are told.
  '06-tdr-undefined-severity': scanned('basic', { LOW: 1, UNDEFINED: 1 }, 1),
  '06-tdr-informational': scanned('basic', { LOW: 1, INFORMATIONAL: 1 }, 1),
  // Its counts know nothing of the CRITICAL in its list.
  '06-tdr-mixed-severity': scanned('basic', { CRITICAL: 1, HIGH: 3, MEDIUM: 24, LOW: 4, UNDEFINED: 1 }, 32),
  '09-awsapi-enhanced-example': scanned('enhanced', { HIGH: 1 }, 1),
  '10a-issue289-complete-but-empty': { state: 'pending', status: 'COMPLETE' },
  '10b-issue6759-active-empty': { state: 'pending', status: 'ACTIVE' },
  '10c-pending-empty-both': { state: 'pending', status: 'PENDING' },
  'dlc-enhanced-402': scanned('enhanced', { CRITICAL: 13, HIGH: 380, MEDIUM: 6, LOW: 3 }, 402),
  'dlc-basic-100': scanned('basic', { MEDIUM: 100 }, 100),
};

/** Recorded from another API: nothing that ECR would answer. */
const OTHERS = ['04a-defectdojo-inspector2-listfindings-8.json'];

function scanned(type: string, counts: Readonly<Record<string, number>>, findings: number) {
  return { state: 'scanned', type, counts: toCounts(counts), findings };
}

async function readRecorded(name: string): Promise<Reading> {
  const answer = describeFile(JSON.parse(readFileSync(join(folder, `${name}.response.json`), 'utf8')));
  const { registry, client } = await startRegistry();
  const { digest } = registry.push(repositoryName, { tags: ['latest'] });
  registry.setScan(repositoryName, digest, answer);
  const repository = { account: registry.account, region: registry.region, name: repositoryName };
  return findScan(client, { repository, digest: parseDigest(digest) });
}

describe.skipIf(!existsSync(folder))('recorded answers of DescribeImageScanFindings', () => {
  test('every file has its row', () => {
    const files = readdirSync(folder).filter((file) => !OTHERS.includes(file));
    expect(files.sort()).toEqual(
      Object.keys(EXPECTED)
        .map((name) => `${name}.response.json`)
        .sort(),
    );
  });

  test.each(Object.entries(EXPECTED))('%s', async (name, expected) => {
    const reading = await readRecorded(name);
    if (reading.state !== 'scanned') return expect(reading).toEqual(expected);
    const { state, type, counts, findings } = reading;
    expect({ state, type, counts, findings: findings.length }).toEqual(expected);
    return expect(total(counts)).toBeGreaterThanOrEqual(findings.length);
  });

  test.each(OTHERS)('%s is refused, with the command that gives the right file', (file) => {
    const json: unknown = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    expect(() => describeFile(json)).toThrow(/aws ecr describe-image-scan-findings/);
  });
});
