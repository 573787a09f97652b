/** One attribute on the wire: `{ S: 'text' }`. */
type WireValue = Readonly<Record<string, unknown>>;
export type WireItem = Readonly<Record<string, WireValue>>;
type Item = Readonly<Record<string, unknown>>;

/** An item as the document client has it. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html */
export function fromWire(item: WireItem): Item {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, read(value)]));
}

/** The same the other way. */
export function toWire(item: Item): WireItem {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, written(value)]));
}

const READ: Readonly<Record<string, (value: never) => unknown>> = {
  S: (text: string) => text,
  N: Number,
  BOOL: Boolean,
  NULL: () => null,
  B: (base64: string) => new Uint8Array(Buffer.from(base64, 'base64')),
  L: (list: readonly WireValue[]) => list.map(read),
  M: fromWire,
  SS: (texts: readonly string[]) => new Set(texts),
  NS: (numbers: readonly string[]) => new Set(numbers.map(Number)),
};

function read(value: WireValue): unknown {
  const [[type, content] = ['', undefined]] = Object.entries(value);
  const reading = READ[type];
  if (!reading) throw new Error(`the memory tables have no values of the type ${type}`);
  return reading(content as never);
}

function written(value: unknown): WireValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (value === null) return { NULL: true };
  if (value instanceof Uint8Array) return { B: Buffer.from(value).toString('base64') };
  if (Array.isArray(value)) return { L: value.map(written) };
  if (value instanceof Set) return writtenSet([...value]);
  return { M: toWire(value as Item) };
}

function writtenSet(values: readonly unknown[]): WireValue {
  return typeof values[0] === 'number' ? { NS: values.map(String) } : { SS: values };
}
