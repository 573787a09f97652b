/** A value as the document client gives and takes it. */
export type Value = unknown;
export type Item = Record<string, Value>;

/** What DynamoDB calls the type of a value; undefined for what it cannot hold. */
export function typeOf(value: Value): string | undefined {
  switch (typeof value) {
    case 'string':
      return 'S';
    case 'number':
    case 'bigint':
      return 'N';
    case 'boolean':
      return 'BOOL';
    case 'object':
      return typeOfObject(value);
    default:
      return undefined;
  }
}

function typeOfObject(value: object | null): string {
  if (value === null) return 'NULL';
  if (Array.isArray(value)) return 'L';
  if (value instanceof Set) return setType(value);
  return value instanceof Uint8Array ? 'B' : 'M';
}

function setType(set: ReadonlySet<unknown>): string {
  for (const first of set) return typeof first === 'string' ? 'SS' : 'NS';
  return 'an empty set';
}

/** A copy that shares nothing with its source; attributes that are undefined are left out. */
export function copy(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copy);
  if (value instanceof Set) return new Set(value);
  if (value instanceof Uint8Array) return new Uint8Array(value);
  return copyItem(value as Item);
}

export function copyItem(item: Readonly<Item>): Item {
  const result: Item = {};
  for (const name in item) {
    const value = item[name];
    if (value !== undefined) result[name] = typeof value === 'object' ? copy(value) : value;
  }
  return result;
}

/** Less than, equal to or greater than 0; undefined when the two are not of one type that has an order. */
export function compare(a: Value, b: Value): number | undefined {
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b);
  return undefined;
}

const SURROGATE = /[\ud800-\udfff]/;

/** In the order of UTF-8 bytes, which is that of code units but for characters beyond U+FFFF. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  if (SURROGATE.test(a) || SURROGATE.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : 1;
}

export function isEqual(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || typeOf(a) !== typeOf(b)) return false;
  return canonical(a) === canonical(b);
}

/** One text for equal values: sets and maps have no order. */
function canonical(value: Value): string {
  return JSON.stringify(value, (_, it: unknown) => {
    if (it instanceof Set) return [...it].sort();
    if (it instanceof Uint8Array) return Buffer.from(it).toString('base64');
    if (typeof it !== 'object' || it === null || Array.isArray(it)) return it;
    return Object.fromEntries(Object.entries(it).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** UTF-8 bytes of names and values, as DynamoDB counts an item's size. */
export function sizeOf(value: Value): number {
  if (typeof value === 'string') return byteLength(value);
  if (typeof value === 'number') return 1 + Math.ceil(String(value).length / 2);
  if (typeof value !== 'object' || value === null) return 1;
  if (value instanceof Uint8Array) return value.length;
  const parts = Array.isArray(value) || value instanceof Set ? [...value] : Object.entries(value).flat();
  return parts.reduce<number>((sum, part) => sum + sizeOf(part), 3);
}

/** Texts of keys and states are short, and most are ASCII: counting those here is faster than a call out of V8. */
function byteLength(text: string): number {
  if (text.length > 64) return Buffer.byteLength(text);
  for (let index = 0; index < text.length; index += 1)
    if (text.charCodeAt(index) > 127) return Buffer.byteLength(text);
  return text.length;
}

/** The size of an item: its attributes' names and values. */
export function itemSize(item: Readonly<Item>): number {
  let bytes = 0;
  for (const name in item) bytes += byteLength(name) + sizeOf(item[name]);
  return bytes;
}
