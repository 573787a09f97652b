import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordDemo } from '../browser/scene.ts';
import { type Api, startApi } from './api.ts';
import { type Generated, type OpenApi, requestsOf } from './api-requests.ts';

const document: OpenApi = JSON.parse(readFileSync('docs/openapi.json', 'utf8'));
const REQUESTS = process.env.SIMULATION === 'full' ? 20_000 : 500;
/** As many at once as there are processes: the limit of the gateway is for loops. */
const AT_ONCE = 2;

const ajv = new Ajv2020({ strict: false });
ajv.addSchema({ $id: 'urn:scan-response:openapi', components: document.components });
const validators = new Map<string, ValidateFunction>();

/** The schema of what is answered to a question with a status; undefined when the document has no such answer. */
function validatorOf({ path, method }: Generated, status: number): ValidateFunction | 'empty' | undefined {
  const response = document.paths[path]?.[method === 'GET' ? 'get' : 'head'].responses[status];
  if (!response) return undefined;
  const schema = response.content?.['application/json']?.schema;
  if (!schema) return 'empty';
  const text = JSON.stringify(schema).replaceAll('"#/', '"urn:scan-response:openapi#/');
  const known = validators.get(text) ?? ajv.compile(JSON.parse(text));
  validators.set(text, known);
  return known;
}

let api: Api;
beforeAll(async () => {
  api = await startApi(recordDemo, { processesPerFunction: AT_ONCE });
});
afterAll(() => api?.stop());

const met = new Map<number, number>();

async function complaintsAbout(request: Generated): Promise<readonly string[]> {
  const { path, method, query } = request;
  const response = await api.get(`${path}?${query}`, { method });
  const text = await response.text();
  met.set(response.status, (met.get(response.status) ?? 0) + 1);
  const validate = validatorOf(request, response.status);
  // That name alone the SDK's signer leaves out.
  if (response.status === 403 && !query.includes('__proto__')) return ['it was signed'];
  if (response.status >= 500) return [`${response.status} ${text}`];
  if (!validate) return [`${response.status} is in no document`];
  if (validate === 'empty') return text === '' ? [] : [`${response.status} with a body`];
  if (!/^[ -~]*\n?$/.test(text)) return ['more than a line of ASCII'];
  return validate(JSON.parse(text)) ? [] : [`${response.status}: ${ajv.errorsText(validate.errors)}`];
}

test(`${REQUESTS} requests that the OpenAPI document allows, and near misses, are answered as it says`, {
  timeout: 1_800_000,
}, async () => {
  const batch = fc.array(requestsOf(document), { minLength: AT_ONCE, maxLength: AT_ONCE });
  await fc.assert(
    fc.asyncProperty(batch, async (requests) => {
      const complaints = await Promise.all(requests.map(complaintsAbout));
      expect(complaints.flat()).toEqual([]);
    }),
    { numRuns: REQUESTS / AT_ONCE },
  );
  for (const status of [200, 300, 400, 404])
    expect(met.get(status) ?? 0, `${status}`).toBeGreaterThan(REQUESTS / 100);
  expect(met.get(429) ?? 0).toBeLessThan(REQUESTS / 100);
  const counts = [...met]
    .sort(([one], [other]) => one - other)
    .map(([status, count]) => `${count} × ${status}`);
  process.stdout.write(`API: ${REQUESTS} generated requests: ${counts.join(', ')}\n`);
});
