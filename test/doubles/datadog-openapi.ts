import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';

/** Where Datadog's own specification and recorded answers are; tests skip visibly where they are not. */
export const RECORDED_DATADOG = join(process.env.RECORDED_DIR ?? '../shared/recorded', 'datadog');
export const isRecorded = existsSync(RECORDED_DATADOG);

interface Fault {
  readonly instancePath: string;
  readonly message?: string | undefined;
}

/** Reads one schema of a specification; the function it returns says what is wrong with a body. */
export function validatorOf(file: string, schema: string): (body: unknown) => readonly Fault[] {
  const text = readFileSync(join(RECORDED_DATADOG, file), 'utf8');
  const { components } = JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/'));
  const ajv = addFormats.default(new Ajv({ allErrors: true, strictTypes: false }));
  ajv.addSchema({ $id: 'api', $defs: asJsonSchema(components.schemas) });
  const validate = ajv.getSchema(`api#/$defs/${schema}`);
  if (!validate) throw new Error(`${file} has no ${schema}`);
  return (body) => (validate(body) === true ? [] : (validate.errors ?? []));
}

/** Every monitor, and every dashboard, as Datadog specifies them. */
export function managedValidators() {
  const monitor = validatorOf('v1-events-checks-monitors.openapi.json', 'Monitor');
  const dashboard = validatorOf('v1-dashboard.openapi.json', 'Dashboard');
  return { monitor, dashboard };
}

/** OpenAPI 3.0 has `nullable` and examples that JSON Schema does not know. */
function asJsonSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(asJsonSchema);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { nullable, example: _example, examples: _examples, ...rest } = schema as Record<string, unknown>;
  const kept = Object.entries(rest).filter(([key]) => !key.startsWith('x-'));
  const converted = Object.fromEntries(kept.map(([key, value]) => [key, asJsonSchema(value)]));
  return nullable === true ? { anyOf: [converted, { type: 'null' }] } : converted;
}
