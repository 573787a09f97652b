import type { Chance } from '../simulation/chance.ts';
import { hostileText, oneOf } from './scene.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** What breaks a reader that trusts a type, a range or a name. */
const VALUES: readonly Json[] = [
  ...[null, true, false, 0, -1, 1e308, -0.5, 2 ** 53, 1e21, '', ' ', '0', 'null', [], {}, [[]], [null]],
  ...['COMPLETE', 'PUSH', 'DELETE', 'RUNNING', 'STOPPED', 'SUCCESS', 'ACTIVE', 'latest', '111122223333'],
  ...['2026-11-20T02:00:00Z', '2026-02-30T25:61:61Z', '9999999-01-01T00:00:00Z', '1970-01-01'],
  ...[`sha256:${'a'.repeat(64)}`, 'sha256:', `sha512:${'a'.repeat(128)}`, `sha256:${'A'.repeat(64)}`],
  ...['arn:aws:ecr:eu-west-1:111122223333:repository/a', 'arn:aws:ecr:eu-west-1:1:repository/', 'arn:'],
  ...['111122223333.dkr.ecr.eu-west-1.amazonaws.com/a:b', 'a/'.repeat(2000), '-'.repeat(5000), '@:/'],
];

/** Keys that are no keys, and those that mean something. */
const KEYS: readonly string[] = [
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', 'length', 'then', 'detail', 'resources'],
  ...['image-digest', 'image-tags', 'repository-name', 'containers', 'version', 'detail-type', 'source'],
];

/** A sample, changed in one to four places or as a text; now and then any JSON, or no JSON at all. */
export function fuzzedEvent(chance: Chance, samples: readonly string[]): string {
  const sample = oneOf(chance, samples);
  if (chance.hits(0.02)) return chance.hits(0.5) ? hostileText(chance) : JSON.stringify(anyJson(chance, 0));
  if (chance.hits(0.1)) return brokenText(chance, sample);
  if (chance.hits(0.0005)) return deep(chance, sample);
  const event = JSON.parse(sample) as Json;
  for (let changes = chance.between(1, 5); changes > 0; changes -= 1) change(chance, event, samples);
  return JSON.stringify(event);
}

/** Changes one field, at any depth: nearer to the root as likely as deeper. */
function change(chance: Chance, node: Json, samples: readonly string[]): void {
  const key = keyIn(chance, node);
  if (key === undefined) return;
  const fields = node as Record<string, Json>;
  const inner = Object.hasOwn(fields, key) ? fields[key] : undefined;
  if (typeof inner === 'object' && inner !== null && chance.hits(0.75)) change(chance, inner, samples);
  else if (chance.hits(0.15)) delete fields[key];
  else Object.defineProperty(fields, key, { value: newValue(chance, inner, samples), ...PLAIN });
}

/** A field that is there, or one that could be; undefined where nothing can be changed. */
function keyIn(chance: Chance, node: Json): string | undefined {
  if (typeof node !== 'object' || node === null) return undefined;
  const keys = Object.keys(node);
  if (Array.isArray(node)) return keys.length > 0 ? oneOf(chance, keys) : undefined;
  return oneOf(chance, keys.length === 0 || chance.hits(0.05) ? KEYS : keys);
}

/** As an own field, whatever its name is: `__proto__` would be no field otherwise. */
const PLAIN = { enumerable: true, configurable: true, writable: true } as const;

function newValue(chance: Chance, was: Json | undefined, samples: readonly string[]): Json {
  if (chance.hits(0.3)) return hostileText(chance);
  if (chance.hits(0.5)) return aValue(chance);
  if (typeof was === 'string' && chance.hits(0.5)) return brokenText(chance, was);
  if (chance.hits(0.1)) return (JSON.parse(oneOf(chance, samples)) as { detail?: Json }).detail ?? null;
  return anyJson(chance, 0);
}

/** A copy: what is changed in one event must not be in the next. */
function aValue(chance: Chance): Json {
  const value = oneOf(chance, VALUES);
  return typeof value === 'object' ? (JSON.parse(JSON.stringify(value)) as Json) : value;
}

function anyJson(chance: Chance, depth: number): Json {
  const isLeaf = depth > 4 || chance.hits(0.5);
  if (isLeaf) return chance.hits(0.5) ? aValue(chance) : hostileText(chance);
  const items = Array.from({ length: chance.between(0, 4) }, () => anyJson(chance, depth + 1));
  return chance.hits(0.5) ? items : Object.fromEntries(items.map((it) => [oneOf(chance, KEYS), it]));
}

/** Cut off, with a character changed, or with something in the middle. */
function brokenText(chance: Chance, text: string): string {
  const at = chance.between(0, text.length + 1);
  if (chance.hits(0.3)) return text.slice(0, at);
  const put = chance.hits(0.5) ? String.fromCharCode(chance.between(0, 0x180)) : hostileText(chance);
  return text.slice(0, at) + put + text.slice(at + chance.between(0, 3));
}

/** A thousand levels, where a field belongs. */
function deep(chance: Chance, sample: string): string {
  const levels = chance.between(1, 1000);
  return sample.replace(/"detail":/, `"detail":${'{"detail":'.repeat(levels)}{}${'}'.repeat(levels)},"x":`);
}
