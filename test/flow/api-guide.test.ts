import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordDemo } from '../browser/scene.ts';
import { type Api, startApi } from './api.ts';

const run = promisify(execFile);
/** Where the packages of the project are found, as they would be in the reader's. */
const FOLDER = 'node_modules/.cache/scan-response-guide';
let api: Api;
let guide: string;

beforeAll(async () => {
  guide = await readFile('docs/api.md', 'utf8');
  api = await startApi(recordDemo);
  await mkdir(FOLDER, { recursive: true });
});
afterAll(async () => {
  await api?.stop();
  await rm(FOLDER, { recursive: true, force: true });
});

function blocks(language: string): readonly string[] {
  return [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, code = '']) => code,
  );
}

function environment() {
  const credentials = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };
  return { PATH: process.env.PATH, AWS_REGION: 'us-east-1', GATEWAY_URL: api.url, ...credentials };
}

test('every example for a shell is answered, as it stands in docs/api.md', async () => {
  const examples = blocks('sh');
  expect(examples).toHaveLength(1);
  for (const example of examples) {
    const { stdout } = await run('bash', ['-eu', '-c', example], {
      env: { ...environment(), AWS_SESSION_TOKEN: '' },
    });
    expect(JSON.parse(stdout)).toMatchObject({ schema: 'scan-response.who/v1', found: 'one' });
  }
});

test('every example for Node is answered, as it stands in docs/api.md', async () => {
  const examples = blocks('js');
  expect(examples).toHaveLength(1);
  for (const [nth, example] of examples.entries()) {
    const file = `${FOLDER}/example-${nth}.mjs`;
    await writeFile(file, example);
    const { stdout } = await run(process.execPath, [file], { env: environment() });
    expect(JSON.parse(stdout)).toMatchObject({
      status: 200,
      link: expect.stringContaining('rel="next"'),
      document: { schema: 'scan-response.history/v1', entries: { length: 3 } },
    });
  }
});

test('the policy in docs/api.md names the route', () => {
  const [policy] = blocks('json').map((code) => JSON.parse(code));
  expect(policy).toMatchObject({
    Action: 'execute-api:Invoke',
    Resource: expect.stringMatching(/\/\*\/GET\/v1\/\*$/),
  });
});
