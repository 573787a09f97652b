import fc from 'fast-check';
import { NEW_CVE, OLD_CVE } from '../browser/scene.ts';
import { commitOf, digestOf, hoursAgo } from '../browser/world.ts';

interface Parameter {
  readonly name: string;
  readonly required: boolean;
  readonly schema: {
    readonly type: string;
    readonly enum?: readonly string[];
    readonly minimum?: number;
    readonly maximum?: number;
    readonly maxLength?: number;
  };
}

interface Operation {
  readonly parameters: readonly Parameter[];
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { schema: object }>> }>
  >;
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, { readonly get: Operation; readonly head: Operation }>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

type Pairs = readonly (readonly [name: string, value: string])[];

/** What is on record, and what looks like it: without these nearly every answer would be "nothing of it". */
const TAGS = [
  ...['demo-api:latest', 'demo-api:latest~1', 'demo-api:latest@{yesterday}', 'young-api:latest', 'demo-api'],
  ...[
    'web/shop:latest',
    'web/shop:latest~1',
    'demo-api:none',
    'nobody:latest',
    `demo-api@${digestOf('release 3')}`,
  ],
];
const SERVICES = ['prod/checkout', 'prod/worker', 'prod/nobody'];
const FINDINGS = [NEW_CVE, OLD_CVE, 'CVE-1999-0001', 'GHSA-xxxx-yyyy-zzzz'];
const HASHES = [digestOf('release 3').slice(0, 20), commitOf('release 3').slice(0, 8)];
export const SUBJECTS: Readonly<Record<string, readonly string[]>> = {
  ...{ '/v1/who': [...TAGS, ...HASHES, ...SERVICES, ...FINDINGS], '/v1/history': TAGS, '/v1/diff': TAGS },
  ...{ '/v1/service': SERVICES, '/v1/cve': FINDINGS },
};
export const TIMES = [
  ...[hoursAgo(30), hoursAgo(400), '2026-11-20 03:10', 'yesterday 03:10', '3h ago', 'yesterday'],
  ...['2026-10-25 02:30', '2026-03-29 02:30', '9999-12-31T23:59:59Z', '0001-01-01'],
];
const ZONES = ['UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/St_Johns', 'Pacific/Apia'];
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  ...{ at: TIMES, from: TIMES, to: TIMES, tz: ZONES },
  ...{ account: ['111122223333'], region: ['eu-west-1', 'us-east-1'] },
  cursor: [Buffer.from(`${hoursAgo(30)} p0123456789abcdef`).toString('base64url')],
};

const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom(
    '',
    '0',
    '-1',
    'NaN',
    'null',
    '__proto__',
    '../../etc/passwd',
    "' OR 1=1 --",
    '\u0000',
    '\u202e',
  ),
  fc.integer({ min: 990, max: 1100 }).map((length) => 'x'.repeat(length)),
);

/** A value as the schema wants it. */
function valid({ name, schema, required }: Parameter, path: string): fc.Arbitrary<string> {
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.type === 'boolean') return fc.constantFrom('true', 'false');
  if (schema.type === 'integer')
    return fc.integer({ min: schema.minimum ?? 0, max: schema.maximum ?? 100 }).map(String);
  const known = fc.constantFrom(...((required ? SUBJECTS[path] : KNOWN[name]) ?? ['']));
  return fc.oneof({ arbitrary: known, weight: 9 }, { arbitrary: anything, weight: 1 });
}

/** A parameter as it may be sent: usually when it has to be, sometimes when it may, now and then wrong, missing or twice. */
function sent(parameter: Parameter, path: string): fc.Arbitrary<Pairs> {
  const { name, required } = parameter;
  const good = valid(parameter, path).map((it): Pairs => [[name, it]]);
  const none = fc.constant<Pairs>([]);
  return fc.oneof(
    { arbitrary: required ? good : none, weight: 60 },
    { arbitrary: good, weight: 12 },
    { arbitrary: anything.map((it): Pairs => [[name, it]]), weight: 2 },
    { arbitrary: required ? none : fc.tuple(good, good).map((it) => it.flat()), weight: 1 },
  );
}

function pairsOf({ parameters }: Operation, path: string): fc.Arbitrary<Pairs> {
  const unheardOf = fc.tuple(anything, anything).map((it): Pairs => [it]);
  const extra = fc.oneof(
    { arbitrary: fc.constant<Pairs>([]), weight: 12 },
    { arbitrary: unheardOf, weight: 1 },
  );
  return fc.tuple(...parameters.map((it) => sent(it, path)), extra).map((all) => all.flat());
}

export interface Generated {
  readonly path: string;
  readonly method: 'GET' | 'HEAD';
  readonly query: string;
}

/** Requests of the document: any of its operations. */
export function requestsOf({ paths }: OpenApi): fc.Arbitrary<Generated> {
  return fc.oneof(
    ...Object.entries(paths).flatMap(([path, operations]) =>
      (['get', 'head'] as const).map((method) => ({
        weight: method === 'get' ? 9 : 1,
        arbitrary: pairsOf(operations[method], path).map((pairs) => ({
          path,
          method: method === 'get' ? ('GET' as const) : ('HEAD' as const),
          query: pairs
            .map((pair) => pair.map((it) => encodeURIComponent(it.toWellFormed())).join('='))
            .join('&'),
        })),
      })),
    ),
  );
}
