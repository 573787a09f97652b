import fc from 'fast-check';

/** What EventBridge compares. */
export type Leaf = string | number | boolean | null;

const words = [
  '',
  'a',
  'aws.ecr',
  'AWS.ECR',
  'latest',
  'Latest',
  'release-1.2',
  'release-1',
  'a*b',
  'a\\b*',
  'é',
  'É',
  '3',
  '日本',
];
const addresses = ['10.0.0.1', '10.0.1.255', '192.168.7.9', '::1', '2001:db8::5', '10.0.0'];
const amounts = [0, 1, -1, 2.5, 3, 1e6, 0.001];

/** Few values, so that two of them are often the same, or the same but for case. */
export const someLeaf: fc.Arbitrary<Leaf> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom<Leaf>(...words) },
  { weight: 3, arbitrary: fc.constantFrom<Leaf>(...amounts) },
  { weight: 1, arbitrary: fc.constantFrom<Leaf>(true, false, null) },
);

const items = fc.record(
  { severity: someLeaf, type: someLeaf, also: someLeaf },
  { requiredKeys: ['severity'] },
);

const detail = fc.record(
  {
    status: someLeaf,
    address: fc.constantFrom<Leaf>(...addresses),
    name: fc.constantFrom<Leaf>(...words),
    count: fc.constantFrom<Leaf>(...amounts),
    tags: fc.array(someLeaf, { maxLength: 3 }),
    nested: fc.record({
      inner: someLeaf,
      list: fc.array(fc.array(someLeaf, { maxLength: 2 }), { maxLength: 2 }),
      deep: items,
    }),
    items: fc.array(
      fc.record(
        { severity: someLeaf, type: someLeaf, parts: fc.array(items, { maxLength: 2 }) },
        { requiredKeys: [] },
      ),
      { maxLength: 3 },
    ),
    mixed: fc.array(fc.oneof(someLeaf, items), { maxLength: 3 }),
  },
  { requiredKeys: ['status'], noNullPrototype: true },
);

/** An event with all fields that EventBridge demands, and a detail of every form: nested, lists, lists of objects. */
export const sampleEvent = fc.record({
  version: fc.constant('0'),
  id: fc.constant('3f0a7a52-0000-4000-8000-000000000001'),
  'detail-type': fc.constantFrom('ECR Image Scan', 'ECR Image Action', 'Inspector2 Scan'),
  source: fc.constantFrom('aws.ecr', 'aws.inspector2'),
  account: fc.constant('111122223333'),
  time: fc.constant('2026-11-20T03:10:00Z'),
  region: fc.constant('eu-west-1'),
  resources: fc.array(fc.constantFrom('arn:aws:ecr:eu-west-1:111122223333:repository/a', 'arn:aws:other'), {
    maxLength: 2,
  }),
  detail,
});

/** A place in an event, by the names that lead there; lists add no name. */
export interface Place {
  readonly path: readonly string[];
  readonly values: readonly Leaf[];
}

/** Every place that holds leaves. */
export function leavesOf(event: object): readonly Place[] {
  const places = new Map<string, { readonly path: readonly string[]; readonly values: Leaf[] }>();
  for (const { path, leaf } of leavesBelow(event, [])) {
    const key = path.join('/');
    const place = places.get(key) ?? { path, values: [] };
    place.values.push(leaf);
    places.set(key, place);
  }
  return [...places.values()];
}

function leavesBelow(
  value: unknown,
  path: readonly string[],
): readonly { readonly path: readonly string[]; readonly leaf: Leaf }[] {
  if (Array.isArray(value)) return value.flatMap((each) => leavesBelow(each, path));
  if (typeof value !== 'object' || value === null) return [{ path, leaf: value as Leaf }];
  return Object.entries(value).flatMap(([name, each]) => leavesBelow(each, [...path, name]));
}
