import type {
  CreateTableCommandInput,
  GlobalSecondaryIndex,
  KeySchemaElement,
} from '@aws-sdk/client-dynamodb';

/**
 * The two tables as `resources/tables.yml` writes them, without packaging the service first. Reads only the flow
 * lines that CreateTable needs, and throws when they are not there: a table must not come out different in tests.
 */
export function tableDefinitions(
  yaml: string,
): Readonly<Record<'lineage' | 'ledger', CreateTableCommandInput>> {
  return { lineage: definition(yaml, 'lineage'), ledger: definition(yaml, 'ledger') };
}

function definition(yaml: string, name: string): CreateTableCommandInput {
  const block = yaml
    .split(/^ {2}(?=\w+Table:$)/m)
    .find((it) => it.includes(`TableName: \${self:service}-\${sls:stage}-${name}`));
  const [table = '', ...indexes] = (block?.split(/^Outputs:/m)[0] ?? '').split('- IndexName: ');
  const attributes = pairs(table, /AttributeName: (\w+), AttributeType: (\w+)/g);
  if (attributes.length === 0)
    throw new Error(`resources/tables.yml: no table ${name} as this reader knows it`);
  return {
    TableName: `test-${name}`,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: attributes.map(([AttributeName, type]) => ({
      AttributeName,
      AttributeType: type as 'S',
    })),
    KeySchema: keySchema(table),
    ...(indexes.length > 0 && { GlobalSecondaryIndexes: indexes.map(index) }),
  };
}

function index(text: string): GlobalSecondaryIndex {
  const attributes = /NonKeyAttributes: \[([\w, ]+)\]/.exec(text)?.[1]?.split(', ');
  if (!attributes)
    throw new Error(`resources/tables.yml: an index without NonKeyAttributes: ${text.slice(0, 40)}`);
  return {
    IndexName: /^[\w-]+/.exec(text)?.[0],
    KeySchema: keySchema(text),
    Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: attributes },
  };
}

function keySchema(text: string): KeySchemaElement[] {
  return pairs(text, /AttributeName: (\w+), KeyType: (\w+)/g).map(([AttributeName, type]) => ({
    AttributeName,
    KeyType: type as 'HASH' | 'RANGE',
  }));
}

function pairs(text: string, pattern: RegExp): (readonly [string, string])[] {
  return [...text.matchAll(pattern)].map(([, one = '', other = '']) => [one, other]);
}
