import { readFileSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as esbuild from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSerializer, trimSerializer } from '../../../../build/datadog-serializer.mjs';
import { reachableTypes, typesOfOperation } from '../../../../build/datadog-types.mjs';
import { MANAGED, SENT, trimDatadog, typesOf } from '../../../../build/trim-datadog.mjs';

const PACKAGES = join(
  dirname(createRequire(import.meta.url).resolve('@datadog/datadog-api-client')),
  'packages',
);
const folderOf = (version: string) => join(PACKAGES, `datadog-api-client-${version}`);
const serializerOf = (version: string) =>
  readFileSync(join(folderOf(version), 'models', 'ObjectSerializer.js'), 'utf8');

/** In small, what the generator of the client writes. */
const SMALL = `const A_1 = require("./A");
const B_1 = require("./B");
const util_1 = require("../util");
const primitives = [
    "string",
];
const enumsMap = {
    Colour: ["red"],
    Unused: [1],
};
const typeMap = {
    A: A_1.A,
    B: B_1.B,
};
const oneOfMap = {
    Either: ["A", "string"],
};
`;
const MAPS = readSerializer(SMALL);

describe('the types that our operations use', () => {
  test.each([
    [
      'v1',
      [
        'APIErrorResponse',
        'Event',
        'EventAlertType',
        'EventCreateRequest',
        'EventCreateResponse',
        'EventPriority',
      ],
    ],
    [
      'v2',
      [
        ...['APIErrorResponse', 'IntakePayloadAccepted', 'MetricContentEncoding', 'MetricIntakeType'],
        ...[
          'MetricMetadata',
          'MetricOrigin',
          'MetricPayload',
          'MetricPoint',
          'MetricResource',
          'MetricSeries',
        ],
      ],
    ],
  ])('%s', async (version, expected) => {
    expect([...(await typesOf(folderOf(version), version, SENT))].sort()).toEqual(expected);
  });

  test('of the command: those of monitors and dashboards, and none of the events', async () => {
    const types = await typesOf(folderOf('v1'), 'v1', MANAGED);
    for (const type of ['Monitor', 'MonitorUpdateRequest', 'Dashboard', 'DashboardSummary', 'Widget'])
      expect(types).toContain(type);
    expect(types).not.toContain('EventCreateRequest');
  });

  test('an operation that the client does not have fails', async () => {
    const operations = [['v1', 'EventsApi', 'inventEvent']] as const;
    await expect(typesOf(folderOf('v1'), 'v1', operations)).rejects.toThrow(
      'operation not found: EventsApiRequestFactory.inventEvent',
    );
  });
});

describe('typesOfOperation', () => {
  const api = (request: string, response: string) =>
    `class XRequestFactory {\n    go(a) {\n${request}\n    }\n}\nclass XResponseProcessor {\n    go(a) {\n${response}\n    }\n}\n`;

  test('finds what is serialised and deserialised, also through nested calls', () => {
    const source = api('S.serialize(a, "A", "")', 'S.deserialize(S.parse(x, y), "Array<B>")');
    expect(typesOfOperation(source, 'X', 'go')).toEqual(['A', 'Array<B>']);
  });

  test.each([
    ['a type that is not written there', api('S.serialize(a, type)', '')],
    ['no types at all', api('', '')],
    ['another method', api('S.serialize(a, "A")', '').replaceAll('go(', 'went(')],
  ])('fails on %s', (_what, source) => {
    expect(() => typesOfOperation(source, 'X', 'go')).toThrow(/cannot tell|no types|not found/);
  });
});

describe('reachableTypes', () => {
  const attributes: Record<string, Record<string, { type: string }>> = {
    A: { b: { type: 'Array<{ [key: string]: B; }>' }, when: { type: 'Date' }, rest: { type: 'any' } },
    B: { self: { type: '[B, string]' }, colour: { type: 'Colour' } },
  };
  const from = (...roots: string[]) => [...reachableTypes(roots, MAPS, (it) => attributes[it] ?? {})].sort();

  test('follows lists, maps, tuples, unions and cycles', () => {
    expect(from('Either')).toEqual(['A', 'B', 'Colour', 'Either']);
    expect(from('B')).toEqual(['B', 'Colour']);
    expect(from('string')).toEqual([]);
  });

  test('fails on a type that the client does not know', () => {
    expect(() => reachableTypes(['A'], MAPS, () => ({ x: { type: 'Array<Zebra>' } }))).toThrow(
      'unknown type "Zebra", needed by A',
    );
  });
});

describe('trimSerializer', () => {
  test('keeps what is asked for and nothing else', () => {
    const trimmed = readSerializer(trimSerializer(SMALL, new Set(['A', 'Colour'])));
    expect([...trimmed.models]).toEqual(['A']);
    expect(trimmed.enums).toEqual({ Colour: ['red'] });
    expect(trimmed.oneOfs).toEqual({});
    expect(trimSerializer(SMALL, new Set(['A']))).toContain('require("../util")');
    expect(trimSerializer(SMALL, new Set(['A']))).not.toContain('./B');
  });

  test.each<[string, (source: string) => string, RegExp]>([
    ['no enumerations', (it) => it.replace('const enumsMap', 'const values'), /expected one "const enumsMap/],
    ['no models', (it) => it.replace('const typeMap', 'const types'), /expected one "const typeMap/],
    ['two maps of unions', (it) => it + it.slice(it.indexOf('const oneOfMap')), /found 2/],
    ['a model from another file', (it) => it.replace('B_1.B', 'A_1.A'), /typeMap.B does not come from/],
    ['a model without a file', (it) => it.replace('const B_1', 'let B_1'), /typeMap.B does not come from/],
    ['something else in the map', (it) => it.replace('B: B_1.B,', '...more,'), /something else/],
    ['an empty map', (it) => it.replace('A: A_1.A,', '').replace('B: B_1.B,', ''), /typeMap is empty/],
  ])('fails on %s', (_what, change, message) => {
    expect(() => trimSerializer(change(SMALL), new Set(['A']))).toThrow(message);
  });

  test('fails when nothing was removed', () => {
    expect(() => trimSerializer(SMALL, new Set(['A', 'B']))).toThrow('nothing was removed');
  });

  test.each(['v1', 'v2'])('reads the real maps of %s and leaves the rest of the file as it is', (version) => {
    const source = serializerOf(version);
    const { models, primitives } = readSerializer(source);
    expect(models.size).toBeGreaterThan(700);
    expect(primitives).toContain('string');
    const trimmed = trimSerializer(source, new Set(['APIErrorResponse']));
    expect([...readSerializer(trimmed).models]).toEqual(['APIErrorResponse']);
    const code = (text: string) => text.slice(text.indexOf('class ObjectSerializer'));
    expect(code(trimmed)).toBe(code(source));
  });
});

describe('the plugin', () => {
  const bundle = (contents: string, operations = SENT) =>
    esbuild.build({
      stdin: { contents, resolveDir: import.meta.dirname },
      bundle: true,
      platform: 'node',
      write: false,
      logLevel: 'silent',
      plugins: [trimDatadog(operations)],
    });
  const client = '@datadog/datadog-api-client/dist/packages';

  test('fails the build when an operation is not found', async () => {
    await expect(
      bundle(`require('${client}/datadog-api-client-v1/apis/EventsApi')`, [
        ['v1', 'EventsApi', 'inventEvent'],
      ]),
    ).rejects.toThrow('operation not found');
  });

  test('fails the build when a model is bundled past the trimmed serializer', async () => {
    await expect(
      bundle(
        `require('${client}/datadog-api-client-v1/apis/EventsApi');
         require('${client}/datadog-api-client-v1/models/Monitor')`,
      ),
    ).rejects.toThrow(/no operation uses is bundled: .*Monitor\.js/);
  });

  test('fails the build when there is no serializer to trim', async () => {
    await expect(bundle(`require('${client}/datadog-api-client-common/auth')`)).rejects.toThrow(
      'no models/ObjectSerializer.js',
    );
  });

  test('leaves a bundle without the client alone', async () => {
    await expect(bundle('console.log(1)')).resolves.toMatchObject({ errors: [] });
  });
});

describe('a client that is built in another way fails the build', () => {
  let root: string;
  const packages = () => join(root, 'node_modules/@datadog/datadog-api-client/dist/packages');

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'client-'));
    const isCode = (path: string) => !/\.(ts|map)$/.test(path);
    for (const name of ['datadog-api-client-common', 'datadog-api-client-v1'])
      await cp(join(PACKAGES, name), join(packages(), name), { recursive: true, filter: isCode });
    for (const name of ['../logger.js', '../version.js', '../userAgent.js'])
      await cp(join(PACKAGES, name), join(packages(), name));
  });
  afterAll(() => rm(root, { recursive: true }));

  async function bundled(file: string, change: (source: string) => string) {
    const path = join(packages(), 'datadog-api-client-v1', file);
    const source = await readFile(path, 'utf8');
    await writeFile(path, change(source));
    try {
      const contents =
        "require('@datadog/datadog-api-client/dist/packages/datadog-api-client-v1/apis/EventsApi')";
      const external = ['loglevel', 'form-data', 'buffer-from'];
      await esbuild.build({
        ...{ stdin: { contents, resolveDir: root }, bundle: true, platform: 'node', write: false, external },
        ...{ logLevel: 'silent', plugins: [trimDatadog(SENT)] },
      });
    } finally {
      await writeFile(path, source);
    }
  }

  test('as it is, it is bundled', async () => {
    await expect(bundled('apis/EventsApi.js', (it) => it)).resolves.toBeUndefined();
  });

  test.each<[string, string, (source: string) => string]>([
    [
      'the maps under other names',
      'models/ObjectSerializer.js',
      (it) => it.replaceAll('typeMap', 'modelsByName'),
    ],
    [
      'the maps made by a function',
      'models/ObjectSerializer.js',
      (it) => it.replace('const enumsMap = {', 'const enumsMap = make({'),
    ],
    [
      'models from one file',
      'models/ObjectSerializer.js',
      (it) => it.replaceAll(/require\("\.\/\w+"\)/g, 'require("./all")'),
    ],
    [
      'models that are loaded late',
      'models/ObjectSerializer.js',
      (it) => it.replaceAll(/: (\w+_1\.\w+),/g, ': () => $1,'),
    ],
    [
      'the operation under another name',
      'apis/EventsApi.js',
      (it) => it.replaceAll('createEvent(', 'postEvent('),
    ],
    [
      'a serializer that is told no type',
      'apis/EventsApi.js',
      (it) => it.replaceAll('"EventCreateRequest"', 'requestType'),
    ],
    [
      'a type that its serializer does not know',
      'apis/EventsApi.js',
      (it) => it.replaceAll('"EventCreateRequest"', '"EventRequestV9"'),
    ],
  ])('%s', async (_what, file, change) => {
    const source = await readFile(join(packages(), 'datadog-api-client-v1', file), 'utf8');
    expect(change(source)).not.toBe(source);
    await expect(bundled(file, change)).rejects.toThrow();
  });
});
