import * as v from 'valibot';
import { type Document, isMap, LineCounter, parseDocument } from 'yaml';
import type { PolicyDocument } from '../policy/document.ts';
import { MAX_FILE_BYTES, PolicyFile } from './schema.ts';

/** Something in a policy file, and where: `line 12, column 5`, or the path of a key that is missing. */
export interface Remark {
  readonly where: string;
  readonly says: string;
}

/** The policy, or all that keeps it from being one. */
export type Parsed = { readonly document: PolicyDocument; readonly whereIs: WhereIs } | Wrong;
interface Wrong {
  readonly errors: readonly Remark[];
}

/** Where the value at a path stands. */
export type WhereIs = (path: readonly (string | number)[]) => string;

/** Reads a policy file: YAML 1.2 without aliases. Every error is told, with its place. */
export function parsePolicy(text: string): Parsed {
  if (Buffer.byteLength(text) > MAX_FILE_BYTES)
    return wrong(
      'the file',
      `takes ${MAX_FILE_BYTES / 1024} KiB at most: use patterns, and let old rules go`,
    );
  const lines = new LineCounter();
  const options = { schema: 'core', prettyErrors: false, logLevel: 'error' } as const;
  const yaml = parseDocument(text, { lineCounter: lines, ...options });
  if (yaml.errors.length > 0)
    return {
      errors: yaml.errors.map(({ pos, message }) => ({ where: placeAt(lines, pos[0]), says: message })),
    };
  const value = plain(() => yaml.toJS({ maxAliasCount: 0 }));
  if (value === undefined) return wrong('the file', 'takes no aliases: write it out');
  if (value === null) return wrong('the file', 'is empty: begin with version: 1');
  const whereIs: WhereIs = (path) => whereIn(path, (it) => offsetOf(yaml.getIn(it, true)), lines);
  const result = v.safeParse(PolicyFile, value);
  if (result.success) return { document: result.output as PolicyDocument, whereIs };
  const whereKey: WhereIs = (path) => {
    const offset = offsetOfKey(yaml, path);
    return offset === undefined ? whereIs(path) : placeAt(lines, offset);
  };
  return { errors: result.issues.map((issue) => toRemark(issue, isUnknown(issue) ? whereKey : whereIs)) };
}

function plain(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function wrong(where: string, says: string): Wrong {
  return { errors: [{ where, says }] };
}

function toRemark(issue: v.BaseIssue<unknown>, whereIs: WhereIs): Remark {
  const path = (issue.path ?? []).map(({ key }) => key as string | number);
  const name = nameOf(path);
  return { where: whereIs(path), says: `${name === '' ? 'the file' : name} ${wordsOf(issue, path)}` };
}

/** `ignore[2].expires` */
function nameOf(path: readonly (string | number)[]): string {
  return path
    .map((it) => (typeof it === 'number' ? `[${it}]` : `.${it}`))
    .join('')
    .replace(/^\./, '');
}

const SAYS_WHY = 'is missing: every rule says why';
const MISSING: Readonly<Record<string, string>> = {
  reason: SAYS_WHY,
  expires: 'is missing: every rule ends on a day, as 2027-03-31',
  version: 'is missing: begin with version: 1',
  name: 'is missing: which repositories is this about?',
  zone: 'is missing: whose clock? As zone: Europe/Berlin',
  at: 'is missing: when? As at: "09:00"',
};

function wordsOf(
  { type, kind, expected, message }: v.BaseIssue<unknown>,
  path: readonly (string | number)[],
): string {
  const key = String(path.at(-1) ?? '');
  if (isUnknown({ type, expected })) return 'is no setting: see docs/policy.md';
  if (kind === 'schema' && type === 'strict_object' && expected?.startsWith('"'))
    return MISSING[key] ?? 'is missing';
  if (message.startsWith('Invalid'))
    return expected === null ? 'is not valid' : `takes ${KINDS[expected] ?? expected}`;
  return message;
}

/** What valibot expects, in the words of YAML. */
const KINDS: Readonly<Record<string, string>> = {
  Array: 'a list',
  Object: 'settings, as notifyAt: HIGH',
  string: 'a text',
};

function isUnknown({ type, expected }: Pick<v.BaseIssue<unknown>, 'type' | 'expected'>): boolean {
  return type === 'strict_object' && expected === 'never';
}

function placeAt(lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `line ${line}, column ${col}`;
}

function offsetOf(node: unknown): number | undefined {
  return (node as { readonly range?: readonly number[] } | undefined)?.range?.[0];
}

/** A key that has no meaning is shown itself: what belongs to it may begin lines below. */
function offsetOfKey(yaml: Document, path: readonly (string | number)[]): number | undefined {
  const map = yaml.getIn(path.slice(0, -1), true);
  if (!isMap(map)) return undefined;
  return offsetOf(map.items.find(({ key }) => String(key) === String(path.at(-1)))?.key);
}

/** What is missing stands nowhere: then what it is missing in. */
function whereIn(
  path: readonly (string | number)[],
  find: (path: readonly (string | number)[]) => number | undefined,
  lines: LineCounter,
): string {
  for (let length = path.length; length >= 0; length -= 1) {
    const offset = find(path.slice(0, length));
    if (offset !== undefined) return placeAt(lines, offset);
  }
  return 'the file';
}
