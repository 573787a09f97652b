import { describe, expect, test } from 'vitest';
import { forbiddenImports, type ImportRules } from './imports.ts';
import { sourceFiles } from './source-files.ts';

const VALUES = ['lib/errors', 'lib/instant'];
const DOMAIN = [...VALUES, 'lib/image', 'lib/scan', 'lib/policy'];
const DYNAMODB = ['@aws-sdk/client-dynamodb', '@aws-sdk/lib-dynamodb'];
const DEPLOYMENT = ['cloudwatch', 'eventbridge', 'iam', 'lambda'].map((it) => `@aws-sdk/client-${it}`);
/** Beside what it composes, nearly every composition root has these. */
const CONNECTED = ['lib/config', 'lib/services/connect', 'lib/store'];

/** The rooms. Arrows point inward to image and scan; each SDK is imported in one room; services knows them all. */
const MAY_IMPORT: ImportRules = {
  'lib/errors': [],
  'lib/instant': [],
  'lib/wall-clock': [],
  'lib/once': [],
  'lib/log': ['@aws-lambda-powertools/logger'],
  'lib/embedded-metric': [],
  'lib/workload': [...VALUES, 'lib/image'],
  'lib/image': [...VALUES, 'valibot', 'node:crypto'],
  'lib/scan': [...VALUES, 'lib/image', 'node:crypto'],
  'lib/policy': [...VALUES, 'lib/wall-clock', 'lib/image', 'lib/scan'],
  'lib/policy-file': [...DOMAIN, 'lib/wall-clock', 'valibot', 'yaml'],
  'lib/lifecycle': [...VALUES, 'lib/image', 'lib/policy', 'lib/workload', 'valibot'],
  'lib/gate': [...VALUES, 'lib/image', 'lib/scan'],
  'lib/bus': ['lib/gate', 'lib/intake', '@aws-sdk/client-eventbridge'],
  'lib/intake': [...VALUES, 'lib/image', 'lib/scan', 'lib/workload', 'valibot'],
  'lib/delivery': [...DOMAIN, 'lib/audit'],
  'lib/config': [
    ...['lib/errors', 'lib/image', 'lib/scan', 'lib/policy', 'lib/find-subjects', 'lib/delivery'],
    'lib/reconcile',
  ],
  'lib/destinations': ['lib/config', 'lib/delivery', 'lib/errors', 'lib/sinks/slack'],
  'lib/pages': ['lib/config', 'lib/destinations', 'lib/errors'],
  'lib/registry': [
    ...[...VALUES, 'lib/image', 'lib/scan'],
    ...['lib/audit', 'lib/doctor', 'lib/lifecycle', 'lib/together', 'lib/troubleshoot'],
    ...['@aws-sdk/client-ecr', '@aws-sdk/client-sts', 'node:crypto', 'node:http', 'node:https'],
  ],
  'lib/store': [
    ...DOMAIN,
    'lib/together',
    'lib/workload',
    'lib/audit',
    'lib/delivery',
    'lib/doctor',
    'lib/together',
    ...DYNAMODB,
    ...['node:crypto', 'node:timers/promises', 'node:zlib'],
  ],
  'lib/queue': [
    ...['lib/errors', 'lib/instant', 'lib/image', 'lib/intake', 'lib/delivery', 'lib/doctor', 'lib/log'],
    ...['lib/together', '@aws-sdk/client-sqs', 'aws-lambda'],
  ],
  'lib/debounce': ['lib/instant', 'lib/image', 'lib/intake', 'lib/together'],
  'lib/secret': ['lib/errors', 'lib/delivery', 'lib/doctor', '@aws-sdk/client-ssm'],
  'lib/sinks/warm': ['node:http', 'node:https'],
  'lib/sinks/post': ['lib/sinks/warm', 'node:http', 'node:https'],
  'lib/sinks/words': DOMAIN,
  'lib/sinks/around': [...DOMAIN, 'lib/sinks/words'],
  'lib/sinks/slack': [
    ...[...DOMAIN, 'lib/delivery', 'lib/sinks/words', 'lib/sinks/around', 'lib/sinks/post', 'lib/sinks/warm'],
    '@slack/types',
  ],
  'lib/sinks/sns': [
    ...DOMAIN,
    'lib/delivery',
    'lib/doctor',
    'lib/sinks/words',
    'lib/sinks/around',
    '@aws-sdk/client-sns',
    'node:crypto',
  ],
  'resources/datadog': [],
  'lib/datadog': ['resources/datadog'],
  'lib/sinks/datadog': [
    ...DOMAIN,
    'lib/audit',
    'lib/datadog',
    'lib/delivery',
    'lib/sinks/words',
    'lib/sinks/around',
    'lib/sinks/post',
    'lib/sinks/warm',
    '@datadog/datadog-api-client',
    'node:crypto',
  ],
  'lib/find-subjects': ['lib/together', ...VALUES, 'lib/image', 'lib/scan'],
  'lib/find-background': [...DOMAIN, 'lib/workload', 'lib/lookup'],
  'lib/together': [],
  'lib/read-ahead': ['lib/find-subjects', 'lib/image', 'lib/policy', 'lib/respond', 'lib/together'],
  'lib/tell': [...DOMAIN, 'lib/find-background', 'lib/respond', 'lib/together'],
  'lib/respond': [
    ...[...DOMAIN, 'lib/delivery', 'lib/find-subjects', 'lib/find-background', 'lib/gate'],
    ...['lib/read-ahead', 'lib/tell', 'lib/together'],
  ],
  'lib/picture': ['@slack/types'],
  'lib/preview': [
    ...[...DOMAIN, 'lib/delivery', 'lib/intake', 'lib/picture', 'lib/respond'],
    ...['lib/sinks/datadog', 'lib/sinks/slack', 'lib/sinks/sns'],
  ],
  'lib/remember': ['lib/together', ...VALUES, 'lib/image', 'lib/intake'],
  'lib/reconcile': [...DOMAIN, 'lib/intake', 'lib/embedded-metric', 'lib/together'],
  'lib/enrich': [...VALUES, 'lib/image', 'lib/intake', 'lib/together', 'node:util'],
  'lib/observe': ['lib/intake', 'lib/together', 'lib/workload'],
  'lib/index-findings': ['lib/together', 'lib/instant', 'lib/image', 'lib/scan'],
  'lib/trail': ['lib/instant', '@aws-sdk/client-cloudtrail'],
  'lib/backfill': [...VALUES, 'lib/image', 'lib/intake', 'lib/reconcile', 'valibot'],
  'lib/heartbeat': [...DOMAIN, 'lib/audit', 'lib/delivery', 'lib/intake', 'lib/together'],
  'lib/tagging': ['lib/errors', 'lib/image'],
  'lib/checkout': ['lib/ancestry', 'lib/errors', 'lib/image', 'lib/tagging'],
  'lib/ancestry': ['lib/image', 'lib/lookup', 'node:child_process'],
  'lib/lookup': [...DOMAIN, 'lib/workload', 'lib/audit', 'lib/together'],
  'lib/doctor': VALUES,
  'lib/troubleshoot': [...VALUES, 'lib/image', 'lib/lookup', 'lib/doctor'],
  'lib/machine': [
    ...[...VALUES, 'lib/image', 'lib/doctor', 'lib/troubleshoot'],
    ...['dns/promises', 'events', 'fs/promises', 'net', 'tls'].map((it) => `node:${it}`),
  ],
  'lib/vpc': ['lib/doctor', 'lib/troubleshoot', '@aws-sdk/client-sts'],
  'lib/deployment': ['lib/doctor', 'lib/troubleshoot', ...DEPLOYMENT],
  'lib/audit': [...DOMAIN, 'lib/workload', 'lib/doctor', 'lib/together'],
  'lib/declare': [...VALUES, 'lib/image'],
  'lib/services/connect': [
    ...['lib/config', 'lib/image', 'lib/registry', 'lib/store'],
    ...[...DYNAMODB, ...['ecr', 'sns', 'sqs', 'sts'].map((it) => `@aws-sdk/client-${it}`)],
  ],
  'lib/services/prime': [
    ...['lib/config', 'lib/services/connect', '@aws-sdk/lib-dynamodb'],
    ...['ecr', 'sns', 'sqs'].map((it) => `@aws-sdk/client-${it}`),
    ...['node:stream', 'node:timers/promises'],
  ],
  'lib/services/caller': ['lib/image', 'lib/registry', '@aws-sdk/client-sts'],
  'lib/services/batch': ['lib/config', 'lib/services/connect', 'lib/delivery', 'lib/queue'],
  'lib/services/push': [
    ...[
      ...CONNECTED,
      'lib/enrich',
      'lib/heartbeat',
      'lib/image',
      'lib/instant',
      'lib/once',
      'lib/queue',
      'lib/registry',
    ],
    'lib/remember',
  ],
  'lib/services/policy': [...CONNECTED, 'lib/image', 'lib/instant', 'lib/once', 'lib/policy'],
  'lib/services/apply-policy': [
    ...['lib/config', 'lib/image', 'lib/policy', 'lib/services/caller', 'lib/store'],
    ...[...DYNAMODB, '@aws-sdk/client-sts'],
  ],
  'lib/services/reading': [
    ...[...CONNECTED, 'lib/find-background', 'lib/pages', 'lib/registry', 'lib/respond'],
    ...['@aws-sdk/client-ecr', 'node:timers/promises'],
  ],
  'lib/services/preview': [
    ...[
      ...CONNECTED,
      'lib/services/caller',
      'lib/services/reading',
      'lib/errors',
      'lib/image',
      'lib/instant',
    ],
    ...['lib/policy', 'lib/registry', 'lib/respond'],
    ...['@aws-sdk/client-ecr', 'node:stream/consumers'],
  ],
  'lib/services/scan': [
    ...[
      ...CONNECTED,
      'lib/services/run',
      'lib/services/policy',
      'lib/services/reading',
      'lib/debounce',
      'lib/index-findings',
      'lib/queue',
    ],
    ...['lib/policy', 'lib/reconcile', 'lib/respond', 'lib/scan'],
    'node:timers/promises',
    ...['lib/bus', 'lib/gate', '@aws-sdk/client-eventbridge'],
  ],
  'lib/services/deliver': [
    ...[...CONNECTED, 'lib/destinations', 'lib/delivery', 'lib/embedded-metric', 'lib/log', 'lib/secret'],
    ...['lib/sinks/datadog', 'lib/sinks/slack', 'lib/sinks/sns'],
    ...['lib/services/prime', '@aws-sdk/client-ssm'],
  ],
  'lib/services/schedule': [
    ...[...CONNECTED, 'lib/services/policy', 'lib/heartbeat', 'lib/queue', 'lib/reconcile', 'lib/registry'],
    'node:timers/promises',
  ],
  'lib/services/run': [...CONNECTED, 'lib/index-findings', 'lib/lookup', 'lib/observe', 'lib/once'],
  'lib/services/api': ['lib/config', 'lib/cli', 'lib/once', 'lib/services/lookup'],
  'lib/services/overview': ['lib/services/connect', 'lib/lookup', 'lib/store'],
  'lib/services/lookup': [
    ...[...CONNECTED, 'lib/services/run', 'lib/services/overview', 'lib/lookup'],
    '@aws-sdk/client-dynamodb',
  ],
  'lib/services/doctor': [
    ...['lib/services/caller', 'lib/services/connect', 'lib/deployment', 'lib/doctor', 'lib/queue'],
    ...['lib/registry', 'lib/secret', 'lib/sinks/sns', 'lib/store', ...DYNAMODB, ...DEPLOYMENT],
    ...['ecr', 'sns', 'sqs', 'ssm'].map((it) => `@aws-sdk/client-${it}`),
  ],
  'lib/services/troubleshoot': [
    ...['lib/config', 'lib/services/caller', 'lib/deployment', 'lib/doctor'],
    ...['lib/lookup', 'lib/machine', 'lib/registry', 'lib/troubleshoot', 'lib/vpc'],
    ...['ecr', 'iam', 'sts'].map((it) => `@aws-sdk/client-${it}`),
    ...['node:os', 'node:path', 'node:stream/consumers'],
  ],
  'lib/services/operator': [
    ...[...CONNECTED, 'lib/services/caller', 'lib/image', 'lib/instant', 'lib/intake', 'lib/queue'],
    ...['@aws-sdk/client-sqs', 'node:crypto', 'node:timers/promises'],
  ],
  'lib/services/backfill': [
    ...[...CONNECTED, 'lib/services/caller', 'lib/backfill', 'lib/queue', 'lib/reconcile', 'lib/registry'],
    ...['lib/trail', '@aws-sdk/client-cloudtrail', '@aws-sdk/client-ecr', '@aws-sdk/client-sqs'],
    'node:timers/promises',
  ],
  'lib/services/gate': [
    ...['lib/services/caller', 'lib/gate', 'lib/image', 'lib/registry', '@aws-sdk/client-ecr'],
    ...['node:fs/promises', 'node:timers/promises'],
  ],
  'lib/services/files': ['lib/errors', 'node:fs/promises'],
  'lib/services/stored-images': [
    ...['lib/image', 'lib/lifecycle', 'lib/reconcile', 'lib/registry', 'lib/services/caller'],
    '@aws-sdk/client-ecr',
  ],
  'lib/services/audit': [
    ...[...CONNECTED, 'lib/services/caller', 'lib/audit', 'lib/deployment', 'lib/reconcile', 'lib/registry'],
    ...['@aws-sdk/client-ecr', '@aws-sdk/client-eventbridge', 'node:timers/promises'],
  ],
  'lib/services/daily-audit': [
    ...[...CONNECTED, 'lib/audit', 'lib/reconcile', 'lib/registry'],
    'node:timers/promises',
  ],
  'lib/services/declare': [
    ...[...CONNECTED, 'lib/services/caller', 'lib/declare', 'lib/image', 'lib/instant', 'lib/registry'],
    ...['@aws-sdk/client-ecr', '@aws-sdk/client-sts'],
  ],
  'lib/services/slack-door': [
    ...[...CONNECTED, 'lib/services/lookup', 'lib/destinations', 'lib/once', 'lib/secret', 'lib/sinks/slack'],
    ...['lib/slack-door', '@aws-sdk/client-ssm', 'node:crypto'],
  ],
  'lib/services/datadog-access': ['lib/config', 'lib/destinations', 'lib/errors'],
  'lib/services/datadog': [
    ...['lib/config', 'lib/datadog', 'lib/services/datadog-access', 'lib/sinks/datadog'],
    'node:timers/promises',
  ],
  'lib/cli': [
    ...[
      ...VALUES,
      'lib/wall-clock',
      'lib/image',
      'lib/scan',
      'lib/workload',
      'lib/lookup',
      'lib/config',
      'lib/services/lookup',
    ],
    'node:util',
    ...['lib/ancestry', 'lib/doctor', 'lib/services/doctor', 'lib/queue', 'lib/services/operator'],
    ...['lib/backfill', 'lib/services/backfill', 'lib/declare', 'lib/services/declare'],
    ...['lib/policy', 'lib/policy-file', 'lib/services/apply-policy', 'yaml'],
    ...['lib/datadog', 'lib/services/datadog', 'lib/services/datadog-access'],
    ...['lib/gate', 'lib/services/gate', 'lib/checkout', 'lib/tagging'],
    ...['lib/delivery', 'lib/picture', 'lib/preview', 'lib/reconcile', 'lib/services/preview'],
    ...['lib/sinks/slack', 'lib/lifecycle', 'lib/services/stored-images'],
    ...['lib/troubleshoot', 'lib/services/troubleshoot'],
    ...['lib/audit', 'lib/services/audit', 'lib/services/files'],
    ...['lib/console', 'lib/cli/time', 'lib/cli/zone'],
  ],
  // What it answers is what the commands answer.
  'lib/ask': ['lib/errors', 'lib/cli'],
  'lib/slack-door': [
    ...[
      ...DOMAIN,
      'lib/ask',
      'lib/cli',
      'lib/delivery',
      'lib/policy-file',
      'lib/sinks/slack',
      'lib/sinks/words',
      'lib/together',
    ],
    ...['@slack/types', 'node:crypto', 'valibot'],
  ],
  'lib/api': ['lib/errors', 'lib/instant', 'lib/ask', 'lib/cli', 'lib/config', 'node:crypto'],
  'lib/console': [
    ...['lib/errors', 'lib/ask', 'lib/cli', 'lib/cli/zone'],
    ...['node:crypto', 'node:events', 'node:fs/promises', 'node:http', 'node:net'],
  ],
  // Runs in a browser: nothing of Node's. Of the commands, how they write times.
  'lib/console/page': [
    ...[...DOMAIN, 'lib/workload', 'lib/lookup', 'lib/wall-clock'],
    ...['lib/cli/time', 'lib/cli/zone'],
  ],
  'lib/cli/time': [...VALUES, 'lib/wall-clock', 'lib/image', 'lib/cli/zone'],
  'lib/cli/zone': [],
  functions: [
    ...[
      'batch',
      'push',
      'scan',
      'deliver',
      'schedule',
      'daily-audit',
      'run',
      'api',
      'slack-door',
      'prime',
      'lookup',
    ].map((it) => `lib/services/${it}`),
    ...[
      'lib/audit',
      'lib/respond',
      'lib/remember',
      'lib/delivery',
      'lib/intake',
      'lib/queue',
      'lib/enrich',
      'lib/observe',
    ],
    ...['lib/api', 'lib/debounce', 'lib/heartbeat', 'lib/log', 'lib/once', 'lib/reconcile'],
    ...['lib/slack-door', 'aws-lambda'],
  ],
};

const files = sourceFiles('lib', 'functions');

test('there is something to check', () => {
  expect(files.length).toBeGreaterThan(60);
});

test.each(files)('$path imports only what its room may', (file) => {
  const packagesByName = {
    ...file,
    text: file.text.replace(/'(@datadog\/datadog-api-client)\/[^']+'/g, "'$1'"),
  };
  expect(forbiddenImports(packagesByName, MAY_IMPORT)).toEqual([]);
});

describe('a planted violation is found', () => {
  test.each([
    [
      'a type of a sink in the policy',
      'lib/policy/decide.ts',
      "import type { Sink } from '../sinks/slack/send.ts';",
    ],
    ['an SDK in a function', 'functions/image-pushed.ts', "import { ECRClient } from '@aws-sdk/client-ecr';"],
    ['another sink’s SDK', 'lib/sinks/slack/send.ts', "import { SNSClient } from '@aws-sdk/client-sns';"],
    ['a lazy import', 'lib/scan/merge.ts', "const it = await import('../store/scan.ts');"],
    ['an import for its effect', 'lib/image/tag.ts', "import '../config.ts';"],
    ['a test in the product', 'lib/respond.ts', "import { aNotice } from '../test/build/notice.ts';"],
    [
      'the embedded stack in the product',
      'lib/services/push.ts',
      "import { serve } from '../../local/http.ts';",
    ],
    ['Node’s in the page', 'lib/console/page/dom.ts', "import { createHash } from 'node:crypto';"],
    ['a file outside of every room', 'lib/helpers.ts', ''],
  ])('%s', (_, path, text) => {
    expect(forbiddenImports({ path, text }, MAY_IMPORT)).toHaveLength(1);
  });
});
