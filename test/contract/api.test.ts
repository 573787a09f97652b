import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, test } from 'vitest';
import type { History, Questions, Refusal } from '../../docs/api.d.ts';
import { QUESTIONS } from '../../lib/ask/ask.ts';
import { apiFiles } from '../../local/openapi/files.ts';

const made = apiFiles('docs/schemas');
const document = JSON.parse(readFileSync('docs/openapi.json', 'utf8'));

async function complaintsAbout(it: unknown): Promise<unknown> {
  const { valid, errors } = await new Validator().validate(structuredClone(it) as Record<string, unknown>);
  return valid ? [] : errors;
}

test.each(Object.keys(made))(
  'docs/%s is made of the schemas and the tables of options; npm run docs:api makes it again',
  (name) => {
    expect(readFileSync(`docs/${name}`, 'utf8')).toBe(made[name]);
  },
);

describe('the OpenAPI document', () => {
  test('is valid, and would not be with a fault', async () => {
    expect(document.openapi).toBe('3.1.0');
    expect(await complaintsAbout(document)).toEqual([]);
    const faults = [
      { ...document, openapi: '3.1' },
      { ...document, paths: { who: {} } },
      { ...document, security: [{ sigv4: 'all' }] },
      { ...document, components: { ...document.components, securitySchemes: { sigv4: { type: 'key' } } } },
    ];
    for (const fault of faults) expect(await complaintsAbout(fault)).not.toEqual([]);
  });

  test('has every question, signed for, and no reference that leads nowhere', () => {
    expect(Object.keys(document.paths)).toEqual(Object.keys(QUESTIONS).map((name) => `/v1/${name}`));
    expect(document.components.securitySchemes.sigv4['x-amazon-apigateway-authtype']).toBe('awsSigv4');
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)];
    const named = new Set(refs.map(([, name]) => name));
    expect([...named].sort()).toEqual(Object.keys(document.components.schemas).sort());
  });

  test.each(Object.entries(QUESTIONS))('takes for %s what the command takes', (name, { options }) => {
    const parameters: readonly { name: string; schema: { type: string; enum?: unknown } }[] =
      document.paths[`/v1/${name}`].get.parameters;
    const inTable = Object.keys(options).filter((key) => !['output', 'strict', 'tz'].includes(key));
    const subjects = name === 'diff' ? ['older', 'newer'] : ['reference'];
    const expected = [...subjects, ...inTable, 'tz', ...(name === 'history' ? ['cursor'] : [])];
    expect(parameters.map((it) => it.name).sort()).toEqual(expected.sort());
    for (const { name: key, schema } of parameters)
      if (key === 'fold') expect(schema).toEqual({ type: 'string', enum: ['1', '2'] });
  });
});

// The compiler reads these: what is here is right, and what is marked would be wrong.
test('the types are those of the documents', () => {
  const asked: Questions['history']['parameters'] = { reference: 'demo-api:latest', limit: 5, details: true };
  const refused: Refusal = { schema: 'scan-response.refusal/v1', error: 'why', kind: 'usage' };
  const answer: History = {
    schema: 'scan-response.history/v1',
    reference: asked.reference,
    found: 'one',
    repository: { account: '111122223333', region: 'eu-west-1', name: 'demo-api' },
    tag: 'latest',
    entries: [{ op: 'push', at: '2026-11-20T03:10:00.000Z' }],
  };
  // @ts-expect-error a history has a reference
  const bare: Questions['history']['parameters'] = { limit: 5 };
  // @ts-expect-error there is no such kind
  const odd: Refusal = { ...refused, kind: 'odd' };
  expect([answer.schema, bare.limit, odd.error]).toEqual(['scan-response.history/v1', 5, 'why']);
});
