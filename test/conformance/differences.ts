/** What is held against AWS's documents. */
export type Implementation =
  | 'dynalite'
  | 'memory'
  | 'memory over HTTP'
  | 'ministack'
  | 'moto'
  | 'DynamoDB Local';

/** Not the same each time: the case is not asked. */
export const UNSTEADY = 'not the same each time';

/** A case in which an implementation does not do what AWS says, or is known to do. AWS is right in each. */
interface Difference {
  /** Of the case. */
  readonly name: string;
  readonly aws: string;
  readonly source: string;
  readonly saw: { readonly [I in Implementation]?: unknown };
}

const DOCS = 'https://docs.aws.amazon.com/amazondynamodb/latest';
const INVALID = 'ValidationException';
/** An error page instead of an answer: no SDK can read it. */
const PAGE = 'SyntaxError';

const atOnce = {
  aws: 'writes of one item are made one after the other',
  source: `${DOCS}/developerguide/WorkingWithItems.html#WorkingWithItems.AtomicCounters`,
  // It answers in threads that do not wait for one another.
  saw: { moto: UNSTEADY },
};

/** Every known difference, in one table. A case that is not here is the same everywhere. */
export const DIFFERENCES: readonly Difference[] = [
  {
    name: 'a refusal shows the item when it was asked to',
    aws: 'ReturnValuesOnConditionCheckFailure: ALL_OLD returns the item',
    source: `${DOCS}/APIReference/API_PutItem.html`,
    saw: { dynalite: undefined, memory: undefined, 'memory over HTTP': undefined },
  },
  {
    name: 'a key of an index must not be empty',
    aws: 'a text that is a key of a table or an index must be longer than zero',
    source: `${DOCS}/APIReference/API_PutItem.html`,
    saw: { dynalite: 'accepted' },
  },
  {
    name: 'a batch holds 25 items and none of them twice',
    aws: 'up to 25 requests to put or delete items',
    source: `${DOCS}/APIReference/API_BatchWriteItem.html`,
    saw: { moto: ['accepted', 'accepted', INVALID] },
  },
  {
    name: 'bytes count, not characters',
    aws: 'the size of a text is its number of UTF-8 bytes',
    source: `${DOCS}/developerguide/CapacityUnitCalculations.html`,
    saw: { dynalite: 'accepted' },
  },
  {
    name: 'the ledger’s time to live can be switched on',
    aws: 'UpdateTimeToLive',
    source: `${DOCS}/APIReference/API_UpdateTimeToLive.html`,
    saw: {
      dynalite: 'UnknownOperationException',
      memory: 'NotPlayed',
      'memory over HTTP': 'UnknownOperationException',
    },
  },
  {
    name: 'an empty set is refused',
    aws: 'ValidationException; the case sends what no document client sends, and ours takes nothing else',
    source: `${DOCS}/developerguide/HowItWorks.NamingRulesDataTypes.html`,
    saw: { memory: 'NotPlayed' },
  },
  {
    name: 'one attribute twice in an expression is refused',
    aws: 'Two document paths overlap with each other',
    source: 'https://github.com/getmoto/moto/issues/5429',
    saw: { ministack: ['accepted', 'accepted'] },
  },
  {
    name: 'an attribute and what is inside it in one expression are refused',
    aws: 'Two document paths overlap with each other',
    source: 'https://github.com/getmoto/moto/issues/8582',
    saw: { ministack: 'accepted' },
  },
  {
    name: 'a query needs its partition, by equality',
    aws: 'a sort key takes = < <= > >= BETWEEN and begins_with',
    source: `${DOCS}/APIReference/API_Query.html`,
    saw: { ministack: [INVALID, INVALID, 'accepted'] },
  },
  {
    name: 'a filter on a key is refused',
    aws: 'a filter expression does not allow key attributes',
    source: `${DOCS}/APIReference/API_Query.html`,
    saw: { ministack: 'accepted', moto: 'accepted' },
  },
  {
    name: 'an index with an INCLUDE projection cannot give all attributes',
    aws: 'of a global secondary index only what is projected can be asked for',
    source: `${DOCS}/APIReference/API_Query.html`,
    saw: { ministack: 'accepted' },
  },
  {
    name: 'an expression that cannot be read is refused',
    aws: 'ValidationException',
    source: `${DOCS}/developerguide/Programming.Errors.html`,
    saw: {
      ministack: [INVALID, INVALID, 'ConditionalCheckFailedException', INVALID],
      moto: [PAGE, 'accepted', PAGE, INVALID],
    },
  },
  {
    name: 'a value or a name that no expression uses is refused, and so is one that is not given',
    aws: 'ValidationException',
    source: `${DOCS}/developerguide/Programming.Errors.html`,
    saw: { moto: [INVALID, INVALID, INVALID, PAGE] },
  },
  {
    name: 'values of two types are never less or greater',
    aws: 'a value of another type does not match',
    source: `${DOCS}/developerguide/LegacyConditionalParameters.Conditions.html`,
    saw: { moto: [PAGE, PAGE] },
  },
  {
    name: 'BETWEEN with its ends swapped is refused',
    aws: 'ValidationException',
    source: 'https://github.com/architect/dynalite/issues/55',
    saw: { moto: 'accepted' },
  },
  {
    name: 'a start key of another partition is refused',
    aws: 'ValidationException',
    source: 'https://github.com/scylladb/scylladb/issues/26988',
    saw: { moto: 'accepted' },
  },
  {
    name: 'Limit 0 is refused',
    aws: 'Limit is at least 1',
    source: `${DOCS}/APIReference/API_Query.html`,
    saw: { moto: 'accepted' },
  },
  {
    name: 'a key of an index must have its type',
    aws: 'attributes that are part of an index key must have the type of the schema',
    source: `${DOCS}/APIReference/API_PutItem.html`,
    saw: { moto: ['accepted', INVALID, INVALID] },
  },
  {
    name: 'an item of 400 KB is taken, and not one byte more',
    aws: 'the maximum item size is 400 KB; moto takes less',
    source: `${DOCS}/developerguide/Constraints.html`,
    saw: { moto: [INVALID, INVALID] },
  },
  { name: 'put if absent: of 20 at once exactly one wins', ...atOnce },
  { name: 'ADD of 20 at once loses none', ...atOnce },
  { name: 'store: of ten workers one claims a delivery, and once it is sent nobody does', ...atOnce },
];
