import { type Asked, json } from './asked.ts';

const Key = { pk: { S: 'a "quoted" ключ 🐳 \u0001' }, sk: { N: '12.50' } };
const Item = {
  ...Key,
  bytes: { B: new Uint8Array([0, 1, 250]) },
  nested: { M: { list: { L: [{ BOOL: true }, { NULL: true }, { S: '' }] } } },
  names: { SS: ['a', 'b'] },
};
const ItemOnTheWire = { ...Item, bytes: { B: 'AAH6' } };

/** Types of each kind, conditions, batches. */
export const dynamodb: readonly Asked[] = [
  {
    ...{ client: 'dynamodb', command: 'PutItemCommand', what: 'an item' },
    input: { TableName: 't', Item, ConditionExpression: 'attribute_not_exists(pk)', ReturnValues: 'ALL_OLD' },
    answer: json({ Attributes: ItemOnTheWire, ConsumedCapacity: { TableName: 't', CapacityUnits: 1.5 } }),
  },
  {
    ...{ client: 'dynamodb', command: 'PutItemCommand', what: 'a condition that does not hold' },
    input: { TableName: 't', Item },
    answer: json(
      {
        __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
        message: 'The conditional request failed',
      },
      400,
    ),
  },
  {
    ...{ client: 'dynamodb', command: 'GetItemCommand', what: 'an item' },
    input: {
      TableName: 't',
      Key,
      ConsistentRead: true,
      ProjectionExpression: '#a',
      ExpressionAttributeNames: { '#a': 'a' },
    },
    answer: json({ Item: ItemOnTheWire }),
  },
  {
    ...{ client: 'dynamodb', command: 'GetItemCommand', what: 'no item' },
    input: { TableName: 't', Key },
    answer: json({}),
  },
  {
    ...{ client: 'dynamodb', command: 'BatchWriteItemCommand', what: 'puts, of which one is left out' },
    input: { RequestItems: { t: [{ PutRequest: { Item } }, { PutRequest: { Item: Key } }] } },
    answer: json({ UnprocessedItems: { t: [{ PutRequest: { Item: ItemOnTheWire } }] } }),
  },
  {
    ...{ client: 'dynamodb', command: 'UpdateItemCommand', what: 'an expression' },
    input: {
      TableName: 't',
      Key,
      UpdateExpression: 'SET a = :a',
      ExpressionAttributeValues: { ':a': Item.bytes },
    },
    answer: json({}),
  },
  {
    ...{ client: 'dynamodb', command: 'QueryCommand', what: 'a page' },
    input: {
      TableName: 't',
      KeyConditionExpression: 'pk = :a',
      ExclusiveStartKey: Key,
      Limit: 7,
      ScanIndexForward: false,
    },
    answer: json({ Items: [ItemOnTheWire, ItemOnTheWire], Count: 2, ScannedCount: 3, LastEvaluatedKey: Key }),
  },
  {
    ...{ client: 'dynamodb', command: 'QueryCommand', what: 'throttled' },
    input: { TableName: 't' },
    answer: json({ __type: 'x#ThrottlingException', Message: 'slow' }, 400),
  },
  {
    ...{ client: 'dynamodb', command: 'ScanCommand', what: 'a segment' },
    input: { TableName: 't', TotalSegments: 2, Segment: 0 },
    answer: json({ Items: [], Count: 0 }),
  },
  {
    ...{ client: 'dynamodb', command: 'BatchGetItemCommand', what: 'items, of which one is left out' },
    input: { RequestItems: { t: { Keys: [Key, Key] } } },
    answer: json({ Responses: { t: [ItemOnTheWire] }, UnprocessedKeys: { t: { Keys: [Key] } } }),
  },
];
