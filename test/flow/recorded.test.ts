import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeFile } from '../../local/ecr/describe-file.ts';
import { toldFrom } from '../../local/told-from.ts';
import { flowForFile, gaugeSet } from './stack.ts';

// What these files are and where they come from stands in SOURCES.md beside them.
const folder = process.env.RECORDED_DIR ?? '../shared/recorded';
const flow = flowForFile();

function read(kind: 'findings' | 'events', file: string) {
  return JSON.parse(readFileSync(join(folder, kind, file), 'utf8'));
}

/** The file's row in SOURCES.md: the greater of AWS's count and of its list for each severity. */
const COUNTS: readonly (readonly [file: string, counts: Readonly<Record<string, number>>])[] = [
  ['01b-splunk-basic-104.response.json', { high: 2, medium: 14, low: 22, informational: 63, undefined: 3 }],
  ['05-moto-enhanced-untriaged.response.json', { medium: 1, untriaged: 1 }],
  ['06-tdr-informational.response.json', { low: 1, informational: 1 }], // its counts say LOW
  ['06-tdr-mixed-severity.response.json', { critical: 1, high: 3, medium: 24, low: 4, undefined: 1 }],
  ['06-tdr-no-findings.response.json', {}],
  ['06-tdr-undefined-severity.response.json', { low: 1, undefined: 1 }], // its counts say LOW
  ['09-awsapi-enhanced-example.response.json', { high: 1 }],
  ['dlc-basic-100.response.json', { medium: 100 }],
  ['dlc-enhanced-402.response.json', { critical: 13, high: 380, medium: 6, low: 3 }],
];

const PENDING = [
  ['10a-issue289-complete-but-empty.response.json', 'COMPLETE'],
  ['10b-issue6759-active-empty.response.json', 'ACTIVE'],
  ['10c-pending-empty-both.response.json', 'PENDING'],
] as const;

const LIST_FINDINGS = '04a-defectdojo-inspector2-listfindings-8.json';

describe.skipIf(!existsSync(folder))('recorded scan answers', () => {
  test('each file has its row here', () => {
    const rows = [...COUNTS.map(([file]) => file), ...PENDING.map(([file]) => file), LIST_FINDINGS];
    expect(readdirSync(join(folder, 'findings')).sort()).toEqual(rows.sort());
  });

  test.concurrent.each(COUNTS)('%s: %j', async (file, counts) => {
    const repository = `recorded/${file.replace('.response.json', '')}`;
    const { digest } = flow().push(repository);
    flow().scan(repository, digest, describeFile(read('findings', file)));
    await flow().settled(repository);
    const { gauges, slack, sns, events, deadLetters } = flow().got(repository);
    expect(gauges).toEqual([gaugeSet('latest', counts)]);
    const told = counts.critical ? 1 : 0;
    expect([slack.length, sns.length, events.length, deadLetters.length]).toEqual([told, told, told, 0]);
    if (told) expect(sns[0]?.body.counts).toMatchObject({ CRITICAL: counts.critical, HIGH: counts.high });
  });

  test.concurrent.each(PENDING)(
    '%s: nothing to read, so not scanned and never zero',
    async (file, status) => {
      const repository = `recorded/${file.replace('.response.json', '')}`;
      const { digest } = flow().push(repository);
      flow().scan(repository, digest, describeFile(read('findings', file)));
      await flow().settled(repository);
      const { gauges, slack, sns } = flow().got(repository);
      expect(gauges).toEqual([]);
      expect(slack).toEqual([expect.stringContaining(`${repository}:latest was not scanned: ${status}`)]);
      expect(sns).toMatchObject([{ body: { event: 'not-scanned', counts: null } }]);
    },
  );

  test.concurrent(`${LIST_FINDINGS} is refused, and counts right as an answer of ECR`, async () => {
    const { findings: enhancedFindings } = read('findings', LIST_FINDINGS);
    expect(() => describeFile({ findings: enhancedFindings })).toThrow(
      /looks like the output of aws inspector2 list-findings.*describe-image-scan-findings/,
    );
    const findingSeverityCounts = { HIGH: 2, MEDIUM: 3, LOW: 1, UNTRIAGED: 2 };
    const answer = describeFile({
      imageScanStatus: { status: 'ACTIVE' },
      imageScanFindings: { findingSeverityCounts, enhancedFindings },
    });
    const { digest } = flow().push('recorded/04a');
    flow().scan('recorded/04a', digest, answer);
    await flow().settled('recorded/04a');
    // One of the three is CLOSED: it is in no gauge, even where the counts hold it.
    expect(flow().got('recorded/04a').gauges).toEqual([
      gaugeSet('latest', { high: 2, medium: 2, low: 1, untriaged: 2 }),
    ]);
  });
});

/** What becomes of an event: the log's word, the reason in the dead letters, or no rule that wants it. */
const EVENTS: readonly (readonly [file: string, becomes: string | RegExp])[] = [
  ['aws-lambda-go-ecr-image-push.json', /image-digest: not a digest/],
  ['aws-lambda-go-ecr-image-scan.json', 'answered'],
  ['awsdocs-2023-ecr-image-action-delete.json', /image-digest: not a digest/],
  ['awsdocs-2023-ecr-scan-resource-change-scan_frequency_change.json', 'no rule'],
  ['awsdocs-2023-inspector2-scan-initial_scan_complete.json', /image-digest: not a digest/],
  ['awsdocs-2026-ecr-image-action-archive.json', 'marked'],
  ['awsdocs-2026-ecr-pull-through-cache-action.json', /time: /],
  ['awsdocs-2026-ecr-replication-action-success.json', /image-digest: not a digest/],
  ['awsdocs-2026-inspector2-finding-ecr-active.json', 'read again'],
  ['iul1an-ecr-scan-completed.json', 'answered'],
  ['nudgebee-ecr-push-untagged-child-manifest.json', 'part-of-an-index'],
];

/** ECR names it; Inspector names it among a finding's resources. */
function repositoryOf(detail: {
  readonly 'repository-name'?: string;
  readonly resources?: readonly { readonly id: string }[];
}): string {
  const [, inArn] = /:repository\/(.+)\/sha256:/.exec(detail.resources?.[0]?.id ?? '') ?? [];
  return detail['repository-name'] ?? inArn ?? 'none';
}

describe.skipIf(!existsSync(folder))('recorded events', () => {
  test('each file has its row here', () => {
    expect(readdirSync(join(folder, 'events')).sort()).toEqual(EVENTS.map(([file]) => file));
  });

  test.each(EVENTS)('%s: %s', async (file, becomes) => {
    const { registry, bus } = flow().stack;
    const event = toldFrom(read('events', file), registry.account, registry.region);
    const name = repositoryOf(event.detail);
    const logged = flow().stack.logs.length;
    const matched = bus.put(event);
    if (becomes === 'no rule') {
      expect(matched).toEqual([]);
      return;
    }
    expect(matched).toHaveLength(1);
    await flow().settled(name);
    const lines = flow()
      .stack.logs.slice(logged)
      .map(({ line }) => line as Record<string, unknown>);
    // A finding is answered at once, and the image is read again later.
    expect(lines).toHaveLength(becomes === 'read again' ? 2 : 1);
    expect(JSON.stringify(lines)).not.toMatch(/failed|could not/);
    const [line] = lines;
    if (becomes === 'read again') {
      expect(lines).toMatchObject([{ readingsPlanned: 1 }, { repository: name, decisions: [] }]);
    } else if (becomes instanceof RegExp) {
      expect(line).toMatchObject({
        message: 'sent to the dead letters',
        reason: expect.stringMatching(becomes),
      });
      const letters = ['PushesDeadLetters', 'ScansDeadLetters'].flatMap(
        (queue) => flow().stack.queues.get(queue)?.messages() ?? [],
      );
      expect(letters.filter(({ body }) => body.includes(event.id))).toMatchObject([
        { attributes: { reason: { StringValue: expect.stringMatching(becomes) } } },
      ]);
    } else {
      expect(line).toMatchObject({ message: 'answered', repository: name });
      expect(line?.outcome ?? line?.message).toBe(becomes);
    }
  });
});
