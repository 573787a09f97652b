import { QUESTIONS } from '../../lib/ask/ask.ts';
import { documentsOf, type openApi } from './document.ts';
import { type Parameter, parametersOf } from './parameters.ts';
import { nameOf, type Schema } from './schema.ts';

type Document = ReturnType<typeof openApi>;

/** TypeScript for what docs/openapi.json says: a type for every document, and what each question takes and gives. */
export function typesOf({ components }: Document): string {
  const types = Object.entries(components.schemas).map(([name, schema]) => {
    const about = schema.description ? `/** ${schema.description} */\n` : '';
    return `${about}export type ${name} = ${typeOf(schema)};\n`;
  });
  const questions = Object.entries(QUESTIONS).map(([name, command]) => {
    const documents = documentsOf(name).map(nameOf).join(' | ');
    const parameters = parametersOf(name, command).map(memberOf).join(' ');
    return `  readonly ${name}: { readonly parameters: { ${parameters} }; readonly document: ${documents} };`;
  });
  const table = [
    '/** What each question takes and gives. */',
    'export interface Questions {',
    ...questions,
    '}',
  ];
  return ['// Made from docs/openapi.json by npm run docs:api.\n', ...types, ...table, ''].join('\n');
}

function memberOf({ name, required, schema }: Parameter): string {
  return `readonly ${name}${required ? '' : '?'}: ${typeOf(schema)};`;
}

function typeOf(schema: Schema): string {
  const { $ref, anyOf, allOf } = schema;
  if ($ref !== undefined) return $ref.slice($ref.lastIndexOf('/') + 1);
  if (allOf) return allOf.map(typeOf).map(bracketed).join(' & ');
  if (anyOf) return anyOf.map(typeOf).map(bracketed).join(' | ');
  if ('const' in schema) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((it) => JSON.stringify(it)).join(' | ');
  return [schema.type ?? 'unknown']
    .flat()
    .map((it) => plain(it, schema))
    .join(' | ');
}

function plain(type: string, { properties, required = [], items, additionalProperties }: Schema): string {
  if (type === 'array') return `readonly (${items ? typeOf(items) : 'unknown'})[]`;
  if (type === 'integer') return 'number';
  if (type !== 'object') return type;
  if (!properties) {
    const value = typeof additionalProperties === 'object' ? typeOf(additionalProperties) : 'unknown';
    return `{ readonly [name: string]: ${value} }`;
  }
  const members = Object.entries(properties).map(
    ([name, it]) => `readonly ${keyOf(name)}${required.includes(name) ? '' : '?'}: ${typeOf(it)};`,
  );
  return `{ ${members.join(' ')} }`;
}

function keyOf(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name);
}

function bracketed(type: string): string {
  return type.includes('|') ? `(${type})` : type;
}
