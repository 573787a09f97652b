import type { Resources } from './template.ts';

/** A template with one property gone or spoilt. */
export interface Mutant {
  /** Path of the property and what became of it. */
  readonly name: string;
  readonly template: { readonly Resources: Resources };
}

/** One rule of a cfn-guard file by itself. */
export interface Rule {
  readonly name: string;
  /** The file without its other rules; those that rules ask are kept. */
  readonly program: string;
  /** The rule, what it asks and the definitions that they use, without the values that it compares with. */
  readonly text: string;
  /** Types of the resources that it looks at. */
  readonly types: ReadonlySet<string>;
}

type Path = readonly string[];

const WORDS_OF_THE_LANGUAGE = new Set(['exists', 'empty', 'not', 'in', 'keys', 'this', 'some', 'when']);
/** `Type` and `Properties` choose what a rule looks at; without them CloudFormation takes no template. */
const FRAME = new Set(['Type', 'Properties']);
/** What a rule compares with: a string, a list or a pattern. */
const VALUES = /(?:[=!]=|\bin) (?:'[^']*'|\[[^\]]*\]|\/(?:\\.|[^/\\])*\/)/g;
const INTRINSIC = /^(Ref|Fn::\w+)$/;
const RULE = /^rule (\w+)(\([^)]*\))?([\s\S]*?)^\}/gm;
const DEFINITION = /^let (\w+) = (.+)$/gm;

/** The rules of a file that cfn-guard reports, in order. */
export function rulesIn(file: string): readonly Rule[] {
  const code = file.replace(/^\s*#.*$/gm, '');
  const definitions = [...code.matchAll(DEFINITION)];
  const all = [...code.matchAll(RULE)];
  const asked = all.filter(([, , inputs]) => inputs !== undefined);
  const parts = new Map(
    [...definitions, ...asked].map((match) => [match[1] ?? '', match.slice(2).join(' ')] as const),
  );
  const common = [...definitions, ...asked].map(([text]) => text);
  return all
    .filter(([, , inputs]) => inputs === undefined)
    .map(([rule, name = '', , body = '']) => {
      const text = unfolded(body, parts);
      const types = new Set([...text.matchAll(/Type == '([\w:]+)'/g)].map(([, type = '']) => type));
      return { name, program: [...common, rule].join('\n'), text: text.replace(VALUES, ''), types };
    });
}

/** A text with the definitions of the variables in it, the rules that it asks, and what is in those. */
function unfolded(body: string, parts: ReadonlyMap<string, string>): string {
  const names = [...body.matchAll(/%(\w+)|\b(\w+)\(%/g)].map(([, variable, rule]) => variable ?? rule ?? '');
  const used = [...new Set(names)].map((name) => parts.get(name) ?? '');
  return [body, ...used.map((part) => unfolded(part, parts))].join('\n');
}

/** As much of a template as a rule reads: the types it looks at, and of those the properties it names. */
export function readBy(rule: Rule, resources: Resources): Resources {
  return Object.fromEntries(
    Object.entries(resources)
      .filter(([, { Type }]) => rule.types.has(Type))
      .map(([id, { Properties = {}, ...resource }]) => {
        const named = Object.entries(Properties).filter(([name]) => hasWord(rule.text, name));
        return [id, { ...resource, Properties: Object.fromEntries(named) }];
      }),
  );
}

/** A template without the other resources of the type of one: what is left to look at where a rule takes each by itself. */
export function aloneOfItsType(resources: Resources, id: string): Resources {
  const type = resources[id]?.Type;
  return Object.fromEntries(Object.entries(resources).filter(([it, { Type }]) => it === id || Type !== type));
}

/**
 * Every mutant of one resource of a template that a rule must see: each property of it that the rule names, removed
 * once and spoilt once. An intrinsic counts as named where the property it gives is.
 */
export function mutantsOf(id: string, rule: Rule, resources: Resources): readonly Mutant[] {
  return pathsIn(resources[id])
    .filter((path) => isNamed(path, rule.text))
    .flatMap((path) => mutantsAt(resources, [id, ...path]));
}

function pathsIn(value: unknown): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    [key],
    ...pathsIn(inner).map((path) => [key, ...path]),
  ]);
}

function isNamed(path: Path, text: string): boolean {
  const keys = path.filter((key) => !/^\d+$/.test(key));
  const key = path.at(-1) ?? '';
  if (key !== keys.at(-1) || FRAME.has(key) || WORDS_OF_THE_LANGUAGE.has(key)) return false;
  if (INTRINSIC.test(key) && !hasWord(text, keys.at(-2) ?? '')) return false;
  return hasWord(text, key);
}

function hasWord(text: string, word: string): boolean {
  const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w:-])${escaped}(?![\\w:-])`).test(text);
}

function mutantsAt(resources: Resources, path: Path): readonly Mutant[] {
  const [removed, spoilt] = [structuredClone(resources), structuredClone(resources)];
  const key = path.at(-1) ?? '';
  delete parentOf(removed, path)[key];
  const value = parentOf(spoilt, path)[key];
  parentOf(spoilt, path)[key] = spoil(value);
  const name = path.join('/');
  const mutants = [{ name: `${name} removed`, template: { Resources: removed } }];
  return value === spoil(value)
    ? mutants
    : [...mutants, { name: `${name} spoilt`, template: { Resources: spoilt } }];
}

function parentOf(resources: Resources, path: Path): Record<string, unknown> {
  const parent = path
    .slice(0, -1)
    .reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], resources);
  return parent as Record<string, unknown>;
}

/** The opposite of a truth, a number far off, and for everything else what stands for anything at all. */
function spoil(value: unknown): unknown {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1_000_000;
  return value === 'false' ? 'true' : '*';
}
