import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { QUESTIONS } from '../../lib/ask/ask.ts';
import { openApi } from './document.ts';
import type { Schema } from './schema.ts';
import { typesOf } from './types.ts';

/** What is made of the schemas in a folder: the texts of openapi.json and api.d.ts, by file name. */
export function apiFiles(folder: string): Readonly<Record<string, string>> {
  const names = [...Object.keys(QUESTIONS), 'refusal', 'definitions'];
  const schemas = names.map((name): [string, Schema] => [
    name,
    JSON.parse(readFileSync(join(folder, `${name}.schema.json`), 'utf8')),
  ]);
  const document = openApi(Object.fromEntries(schemas));
  return { 'openapi.json': `${JSON.stringify(document, null, 1)}\n`, 'api.d.ts': typesOf(document) };
}
