import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Refusal } from '../../docs/api.d.ts';
import { NEW_CVE, OLD_CVE, recordDemo } from '../browser/scene.ts';
import { commitOf, digestOf, historian, hoursAgo, ZONE } from '../browser/world.ts';
import { aRepository } from '../build/lineage.ts';
import { bundledCli } from '../doubles/cli.ts';
import { STOPPED_CLOCK } from '../doubles/console.ts';
import { type Api, startApi } from './api.ts';

// Documents say until when they hold.
const NODE_OPTIONS = `--import ${STOPPED_CLOCK}`;
const cli = bundledCli();
let api: Api;
beforeAll(async () => {
  api = await startApi(recordDemo, { environment: { NODE_OPTIONS } });
});
afterAll(() => api?.stop());

type Parameters = Readonly<Record<string, string>>;

function get(question: string, parameters: Parameters, headers: Parameters = {}): Promise<Response> {
  return api.get(pathOf(question, parameters), { headers });
}

/** A query as it is signed: a blank is %20. */
function pathOf(question: string, parameters: Parameters): string {
  return `/v1/${question}?${new URLSearchParams(parameters).toString().replaceAll('+', '%20')}`;
}

async function ask(args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await cli([...args, '--json'], { ...api.environment, NODE_OPTIONS });
  return stdout || stderr;
}

const REFERENCE = { reference: 'demo-api:latest' };
const AT = hoursAgo(30);

describe('the API says what the command line says, to the letter', () => {
  test.each<[number, string, Parameters, readonly string[]]>([
    [200, 'who', { ...REFERENCE, at: AT }, ['demo-api:latest', '--at', AT]],
    [200, 'who', { reference: `demo-api:latest@{${AT}}~1` }, [`demo-api:latest@{${AT}}~1`]],
    [200, 'who', { ...REFERENCE, at: AT, findings: 'true' }, ['demo-api:latest', '--at', AT, '--findings']],
    [200, 'who', { reference: digestOf('release 3').slice(0, 20) }, [digestOf('release 3').slice(0, 20)]],
    [200, 'who', { reference: commitOf('release 3').slice(0, 8) }, [commitOf('release 3').slice(0, 8)]],
    [200, 'who', { reference: 'prod/checkout', at: AT }, ['prod/checkout', '--at', AT]],
    [200, 'who', { reference: NEW_CVE }, [NEW_CVE]],
    [404, 'who', { reference: 'demo-api:none' }, ['demo-api:none']],
    [300, 'who', { reference: 'web/shop:latest' }, ['web/shop:latest']],
    [200, 'history', REFERENCE, ['demo-api:latest']],
    [
      200,
      'history',
      { ...REFERENCE, limit: '3', details: 'true', at: AT },
      ['demo-api:latest', '--limit', '3', '--details', '--at', AT],
    ],
    [
      200,
      'diff',
      { older: 'demo-api:latest~1', newer: 'demo-api:latest' },
      ['demo-api:latest~1', 'demo-api:latest'],
    ],
    [200, 'service', { reference: 'prod/worker', at: AT }, ['prod/worker', '--at', AT]],
    [200, 'cve', { reference: OLD_CVE, from: AT, to: AT }, [OLD_CVE, '--from', AT, '--to', AT]],
    [404, 'cve', { reference: 'CVE-1999-0001' }, ['CVE-1999-0001']],
  ])('%i %s %j', async (status, question, parameters, args) => {
    const [response, stdout] = await Promise.all([get(question, parameters), ask([question, ...args])]);
    expect([response.status, await response.text()]).toEqual([status, stdout]);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('in the zone that is asked for, and in UTC when none is, one after the other', async () => {
    const at = '2026-11-19 13:30';
    const local = await get('who', { ...REFERENCE, at, tz: ZONE });
    const utc = await get('who', { ...REFERENCE, at });
    const args = ['who', 'demo-api:latest', '--at', at];
    expect(await local.text()).toBe(await ask([...args, '--tz', ZONE]));
    expect(await utc.text()).toBe(await ask(args));
  });
});

describe('what cannot be asked is refused in words', () => {
  const validate = new Ajv2020().compile(
    JSON.parse(readFileSync('docs/schemas/refusal.schema.json', 'utf8')),
  );
  test.each<[number, string, string, Parameters, RegExp]>([
    [400, 'nothing', 'who', {}, /say reference, as in who\?reference=…/],
    [400, 'no zone', 'who', { ...REFERENCE, tz: 'Mars/Olympus' }, /no such time zone: "Mars\/Olympus"/],
    [400, 'an option of a terminal', 'who', { ...REFERENCE, output: 'sha' }, /who takes no "output" here/],
    [400, 'a limit without end', 'history', { ...REFERENCE, limit: '501' }, /from 1 to 500/],
    [400, 'a cursor that is none', 'history', { ...REFERENCE, cursor: 'x' }, /is what Link gave/],
    [
      400,
      'a cursor and a time',
      'history',
      { ...REFERENCE, cursor: 'x', at: 'yesterday' },
      /leave "at" and "fold" out/,
    ],
    [400, 'a cursor elsewhere', 'who', { ...REFERENCE, cursor: 'x' }, /who takes no "cursor" here/],
    [404, 'no question', 'how', REFERENCE, /no such question: "how"; there are who, history, diff/],
    [404, 'a name from the prototype', 'constructor', REFERENCE, /no such question/],
  ])('%i for %s', async (status, _, question, parameters, words) => {
    const response = await get(question, parameters);
    const document = (await response.json()) as Refusal;
    expect(response.status).toBe(status);
    expect(document).toMatchObject({ schema: 'scan-response.refusal/v1', kind: 'usage' });
    expect(document.error).toMatch(words);
    expect([validate(document), response.headers.get('cache-control'), response.headers.get('etag')]).toEqual(
      [...[true, 'no-store', null]],
    );
  });

  test('a time that the clock showed twice comes with both', async () => {
    const response = await get('who', { ...REFERENCE, at: '2026-10-25 02:30', tz: ZONE });
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { kind: 'ambiguous-time', readings: [expect.any(String), expect.any(String)] },
    ]);
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    '%s has no route, so API Gateway has nothing of it',
    async (method) => {
      const response = await api.get(pathOf('who', REFERENCE), { method });
      expect([response.status, await response.json()]).toEqual([404, { message: 'Not Found' }]);
      expect(response.headers.get('allow')).toBeNull();
    },
  );

  test('tables that do not answer are a 502, and only the log says more', async () => {
    const mute = await startApi(async () => undefined, {
      environment: { SCAN_RESPONSE_LINEAGE_TABLE: 'nobody-knows-it' },
    });
    const response = await mute.get(pathOf('who', REFERENCE));
    const text = await response.text();
    const logged = JSON.stringify(mute.stack.logs);
    await mute.stop();
    expect([response.status, JSON.parse(text)]).toMatchObject([502, { kind: 'backend' }]);
    const [, id = 'none'] = /for request ([0-9a-f-]+)/.exec(text) ?? [];
    expect(text).not.toMatch(/ResourceNotFound|nobody-knows-it|arn:/);
    expect(logged).toContain('ResourceNotFoundException');
    expect(logged).toContain(id);
  });
});

describe('an answer that is known', () => {
  test('is not sent again, and is when it changed', async () => {
    const young = historian(api.tables, aRepository({ name: 'etag-api' }));
    await young.tag('latest', hoursAgo(30), digestOf('first'));
    const question = { reference: 'etag-api:latest' };
    const first = await get('history', question);
    const etag = first.headers.get('etag') ?? '';
    expect([first.status, etag, first.headers.get('cache-control')]).toEqual([
      ...[200, expect.stringMatching(/^"[\w-]{43}"$/), 'private, no-cache'],
    ]);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await get('history', question, { 'if-none-match': known });
      expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
    }
    await young.tag('latest', hoursAgo(2), digestOf('second'));
    const changed = await get('history', question, { 'if-none-match': etag });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(etag);
  });

  test('HEAD says of an answer what GET does, without it', async () => {
    const path = pathOf('history', REFERENCE);
    const [head, got] = [await api.get(path, { method: 'HEAD' }), await api.get(path)];
    expect([head.status, await head.text(), head.headers.get('etag')]).toEqual([
      ...[200, '', got.headers.get('etag')],
    ]);
  });
});

interface Listed {
  readonly entries: readonly { readonly at: string; readonly op: string; readonly digest?: string }[];
  readonly images?: readonly { readonly digest: string }[];
}

/** Follows `Link` to the end; `between` is what happens after each page. */
async function pagesOf(
  parameters: Parameters,
  between: (nth: number) => Promise<void> = async () => undefined,
) {
  const pages: Listed[] = [];
  for (let path: string | undefined = pathOf('history', parameters); path !== undefined; ) {
    const response: Response = await api.get(path);
    expect(response.status).toBe(200);
    pages.push((await response.json()) as Listed);
    path = /^<(.*)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1];
    await between(pages.length);
  }
  return pages;
}

/** Of which images a page tells more, and which are in its entries. */
function imagesIn({ images = [] }: Listed): readonly string[] {
  return images.map(({ digest }) => digest).sort();
}

function digestsIn({ entries }: Listed): readonly string[] {
  return [...new Set(entries.flatMap(({ digest }) => digest ?? []))].sort();
}

/** A second of a day, and which image the tag moved to then; 0 is none. */
type Move = readonly [second: number, word: number];

async function moveTo(record: ReturnType<typeof historian>, moves: readonly Move[]): Promise<void> {
  for (const [second, word] of moves)
    await record.tag('latest', hoursAgo(40 - second / 3600), word > 0 ? digestOf(`${word}`) : undefined);
}

describe('the pages of a history', () => {
  test('one after the other are the whole, however long they are, and whatever happens meanwhile', async () => {
    // Whole seconds, as ECR's events have: several moves share one.
    const moves = fc.array(fc.tuple(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 5 })), {
      minLength: 1,
      maxLength: 14,
    });
    let nth = 0;
    await fc.assert(
      fc.asyncProperty(
        moves,
        fc.integer({ min: 1, max: 5 }),
        fc.boolean(),
        async (all, limit, isDetailed) => {
          nth += 1;
          const parameters = { reference: `paged-${nth}:latest`, details: `${isDetailed}` };
          const record = historian(api.tables, aRepository({ name: `paged-${nth}` }));
          await moveTo(record, all);
          const whole = (await (await get('history', { ...parameters, limit: '500' })).json()) as Listed;
          const pages = await pagesOf({ ...parameters, limit: `${limit}` }, (page) =>
            record.tag('latest', hoursAgo(20 - page / 100), digestOf(`newer ${page}`)),
          );
          expect(pages.flatMap(({ entries }) => entries)).toEqual(whole.entries);
          const lengths = pages.map(({ entries }) => entries.length);
          expect([...new Set(lengths.slice(0, -1))]).toEqual(pages.length > 1 ? [limit] : []);
          expect(lengths.at(-1)).toBeLessThanOrEqual(limit);
          for (const page of pages) expect(imagesIn(page)).toEqual(isDetailed ? digestsIn(page) : []);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('go on where they began to be asked for: at a time, in a zone, in an account', async () => {
    const parameters = { ...REFERENCE, limit: '4', tz: ZONE, account: '111122223333' };
    const whole = (await (await get('history', { ...parameters, limit: '500', at: AT })).json()) as Listed;
    const pages = await pagesOf({ ...parameters, at: AT });
    expect(pages.length).toBe(Math.ceil(whole.entries.length / 4));
    expect(pages.flatMap(({ entries }) => entries)).toEqual(whole.entries);
  });
});
