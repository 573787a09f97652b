import type { KnownBlock } from '@slack/types';
import { expect, test } from 'vitest';
import { MAX_IN_DIGEST } from '../../lib/delivery/fold.ts';
import { parseTag } from '../../lib/image/reference.ts';
import { untrusted } from '../../lib/image/untrusted.ts';
import type { Notice } from '../../lib/policy/notice.ts';
import { MAX_SHOWN } from '../../lib/policy/notice.ts';
import { NEWEST_PUSH } from '../../lib/policy/policy.ts';
import { SEVERITIES, toCounts } from '../../lib/scan/severity.ts';
import { slackDigest } from '../../lib/sinks/slack/digest.ts';
import { slackMessage } from '../../lib/sinks/slack/message.ts';
import { slackSink } from '../../lib/sinks/slack/send.ts';
import { serve } from '../../local/http.ts';
import { aTagEvidence } from '../build/evidence.ts';
import { aFinding, aFound, aNotice, anImage, aShownFinding, aSubject } from '../build/notice.ts';

// What Slack's documents and its own types allow: https://docs.slack.dev/reference/block-kit/blocks

const long = untrusted('W'.repeat(5_000));
const platform = `${'o'.repeat(32)}/${'a'.repeat(32)}/${'v'.repeat(32)}`;
const million = toCounts(Object.fromEntries(SEVERITIES.map((severity) => [severity, 1_000_000])));
const { found: _, ...unfound } = aNotice({ reason: 'not-scanned' });

/** Everything at its longest: what the grammars and our own bounds allow. */
function longest(overrides: Partial<Notice> = {}): Notice {
  const tags = Array.from({ length: 1_000 }, (_none, n) =>
    parseTag(`${'t'.repeat(110)}-${n}-0a1b2c${n % 10}`),
  );
  const conflicts = tags.map((tag) => aTagEvidence(tag, { commit: 'f'.repeat(40), tier: 'tag-short' }));
  const best = aTagEvidence('t'.repeat(128), { commit: 'a'.repeat(40), tier: 'tag-short' });
  const repository = { account: '111122223333', region: 'ap-southeast-1', name: 'r'.repeat(256) };
  const image = anImage({ repository });
  const packages = Array(50).fill({ name: long, version: long, fixedIn: long });
  const finding = aShownFinding({
    ...aFinding(),
    id: long,
    packages,
    exploitKnown: true,
    platforms: Array(40).fill(platform),
  });
  const states = ['scanned', 'pending', 'unscannable', 'gone'] as const;
  return aNotice({
    subject: aSubject({
      image,
      tags,
      provenance: { best, conflicts },
    }),
    references: tags,
    found: aFound({
      counts: million,
      fixable: million,
      shown: Array(MAX_SHOWN).fill(finding),
      newCount: 7_000_000,
    }),
    platforms: states.flatMap((state) =>
      Array(40).fill({ digest: image.digest, platform, state, status: 'W'.repeat(80) }),
    ),
    ...overrides,
  });
}

const notices: readonly (readonly [string, Notice])[] = [
  ['first-scan', aNotice({ reason: 'first-scan' })],
  ['new-findings', aNotice()],
  [
    'resolved',
    aNotice({ reason: 'resolved', found: aFound({ counts: toCounts({}), shown: [], newCount: 0 }) }),
  ],
  ['not-scanned', { ...unfound, unscannable: { status: 'UNSUPPORTED_IMAGE' } }],
  ['newest push', aNotice({ references: [NEWEST_PUSH] })],
  ['longest', longest()],
  ['longest resolved', longest({ reason: 'resolved' })],
  [
    'longest not-scanned',
    {
      ...unfound,
      ...longest(),
      reason: 'not-scanned',
      unscannable: { status: 'W'.repeat(99), description: long },
    },
  ],
];

test.each(notices)('%s: what a webhook receives is within the limits', async (_name, notice) => {
  const bodies: string[] = [];
  const { url, close } = await serve(({ body }) => {
    bodies.push(body);
    return { status: 200, body: 'ok' };
  });
  const sink = slackSink({ readUrl: async () => url, allowLoopback: true });
  const outcome = await sink.send(notice, { possibleRepeat: true });
  await close();
  expect(outcome).toEqual({ state: 'sent' });
  const { text, blocks } = JSON.parse(bodies[0] ?? '') as { text: string; blocks: KnownBlock[] };
  expect(blocks).toEqual(slackMessage(notice, { possibleRepeat: true }).blocks);
  expect(new Set(blocks.map(({ type }) => type))).toEqual(new Set(['header', 'rich_text', 'context']));
  expect(blocks.length).toBeLessThanOrEqual(40);
  expect(
    blocks.flatMap((block) => (block.type === 'header' ? block.text.text.length : []))[0],
  ).toBeLessThanOrEqual(150);
  expect(text.length).toBeLessThanOrEqual(300);
  expect(texts(blocks).filter((it) => it.length === 0 || it.length > 3_000)).toEqual([]);
  expect(texts(blocks).join('').length + text.length).toBeLessThanOrEqual(10_000);
});

const { found: _none, ...longUnscanned } = longest({ reason: 'not-scanned' });
const places = ['us-gov-west-1', 'ap-southeast-1'].map((region) =>
  anImage({ repository: { account: '111122223333', region, name: 'r'.repeat(256) } }),
);
const digests: readonly (readonly [string, readonly Notice[]])[] = [
  ['one of each kind', notices.map(([, notice]) => notice)],
  ['the longest, as many as there can be', Array(MAX_IN_DIGEST).fill(longest())],
  [
    'the longest from two regions',
    Array.from({ length: MAX_IN_DIGEST }, (_each, n) =>
      longest({ subject: aSubject({ image: places[n % 2] ?? anImage() }) }),
    ),
  ],
  [
    'the longest of each kind',
    Array.from({ length: MAX_IN_DIGEST }, (_each, n) =>
      n % 3 === 0 ? longUnscanned : longest({ reason: n % 3 === 1 ? 'resolved' : 'first-scan' }),
    ),
  ],
];

test.each(digests)('a digest of %s is within the limits, and names every image', async (_name, all) => {
  const bodies: string[] = [];
  const { url, close } = await serve(({ body }) => {
    bodies.push(body);
    return { status: 200, body: 'ok' };
  });
  const entries = all.map((notice) => ({ notice, possibleRepeat: true }));
  const mark = '2026-11-20T03:10:00.000Z/60';
  const outcome = await slackSink({ readUrl: async () => url, allowLoopback: true }).sendDigest(
    entries,
    mark,
  );
  await close();
  expect(outcome).toEqual({ state: 'sent' });
  const { text, blocks } = JSON.parse(bodies[0] ?? '') as { text: string; blocks: KnownBlock[] };
  expect(blocks).toEqual(slackDigest(entries, mark).blocks);
  expect(new Set(blocks.map(({ type }) => type))).toEqual(new Set(['header', 'rich_text', 'context']));
  const [first] = blocks;
  expect(first?.type === 'header' && first.text.text.length).toBeLessThanOrEqual(150);
  expect(text.length).toBeLessThanOrEqual(300);
  expect(texts(blocks).filter((it) => it.length === 0 || it.length > 3_000)).toEqual([]);
  expect(texts(blocks).join('').length + text.length).toBeLessThanOrEqual(10_000);
  expect(JSON.stringify(blocks).match(/"rich_text_section"/g)?.length).toBeGreaterThanOrEqual(all.length);
});

/** Every text and every URL in the blocks. */
function texts(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, it]) => {
    if (typeof it !== 'string') return texts(it);
    return key === 'text' || key === 'url' ? [it] : [];
  });
}
