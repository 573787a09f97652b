/** As much of JSON Schema as docs/schemas uses. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly description?: string;
  readonly [other: string]: unknown;
}

export type Schemas = Readonly<Record<string, Schema>>;

interface SchemaFile extends Schema {
  readonly $defs?: Schemas;
}

/** `knownImage` is KnownImage. */
export function nameOf(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/**
 * The schemas of `docs/schemas` as components of one document: `urn:scan-response:who:v1` is `#/components/schemas/Who`, and
 * so is each definition under its own name. Throws for two of one name.
 */
export function componentsOf(files: Readonly<Record<string, SchemaFile>>): Schemas {
  const components: Record<string, Schema> = {};
  const add = (name: string, schema: Schema): void => {
    if (Object.hasOwn(components, nameOf(name))) throw new Error(`two schemas are called ${name}`);
    components[nameOf(name)] = moved(schema) as Schema;
  };
  for (const [name, { $schema: _, $id: __, $defs = {}, ...schema }] of Object.entries(files)) {
    for (const [definition, itsSchema] of Object.entries($defs)) add(definition, itsSchema);
    if (Object.keys($defs).length === 0) add(name, schema);
  }
  return components;
}

/** Every $ref leads to the component. */
function moved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(moved);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, it]) => [key, key === '$ref' ? componentRef(String(it)) : moved(it)]),
  );
}

function componentRef(ref: string): string {
  const [, file = '', definition] =
    /^(?:urn:scan-response:([a-z]+):v1)?(?:#\/\$defs\/(\w+))?$/.exec(ref) ?? [];
  const name = definition ?? file;
  if (!name) throw new Error(`docs/schemas: ${ref} is not followed; teach local/openapi/schema.ts`);
  return refTo(name);
}

export function refTo(name: string): string {
  return `#/components/schemas/${nameOf(name)}`;
}
