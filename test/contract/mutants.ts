import type { Resources } from './template.ts';

/** A template with one property gone or spoilt. */
export interface Mutant {
  /** Path of the property and what became of it. */
  readonly name: string;
  /** Names of the rules that name the property. */
  readonly rules: readonly string[];
  readonly template: { readonly Resources: Resources };
}

/** A rule of a cfn-guard file, as far as it says what it looks at. */
interface Rule {
  readonly name: string;
  /** The rule with the definitions that it uses, without the values that it compares with. */
  readonly text: string;
  readonly types: ReadonlySet<string>;
  /** True for one that other rules ask: cfn-guard does not report it by itself. */
  readonly isAsked: boolean;
}

type Path = readonly string[];

const WORDS_OF_THE_LANGUAGE = new Set(['exists', 'empty', 'not', 'in', 'keys', 'this', 'some', 'when']);
/** `Type` and `Properties` choose what a rule looks at; without them CloudFormation takes no template. */
const FRAME = new Set(['Type', 'Properties']);
/** What a rule compares with: a string, a list or a pattern. */
const VALUES = /(?:[=!]=|\bin) (?:'[^']*'|\[[^\]]*\]|\/(?:\\.|[^/\\])*\/)/g;
const INTRINSIC = /^(Ref|Fn::\w+)$/;

/** The names of the rules in a file that cfn-guard reports. */
export function reportedRules(file: string): readonly string[] {
  return rulesIn(file).flatMap(({ name, isAsked }) => (isAsked ? [] : [name]));
}

/** As much of a template as the rules of a file look at. */
export function resourcesFor(file: string, resources: Resources): Resources {
  const rules = rulesIn(file);
  const types = new Set(rules.flatMap((rule) => [...rule.types]));
  const isRead = ([name]: readonly [string, unknown]) => rules.some(({ text }) => hasWord(text, name));
  return Object.fromEntries(
    Object.entries(resources)
      .filter(([, { Type }]) => types.has(Type))
      .map(([id, { Properties = {}, ...resource }]) => [
        id,
        { ...resource, Properties: Object.fromEntries(Object.entries(Properties).filter(isRead)) },
      ]),
  );
}

/**
 * Every mutant of a template that the rules of a file must see: each property that a rule names, in each resource
 * of a type that the rule looks at, removed once and spoilt once. An intrinsic counts as named where the property
 * that it gives is.
 */
export function mutantsOf(file: string, resources: Resources): readonly Mutant[] {
  const rules = rulesIn(file);
  const watched = resourcesFor(file, resources);
  return Object.entries(watched).flatMap(([id, resource]) =>
    pathsIn(resource).flatMap((path) => {
      const naming = rules.filter(({ types, text }) => types.has(resource.Type) && isNamed(path, text));
      if (naming.length === 0) return [];
      return mutations(watched, [id, ...path]).map(([fate, mutated]) => ({
        name: `${id}/${path.join('/')} ${fate}`,
        rules: naming.map(({ name }) => name),
        template: { Resources: mutated },
      }));
    }),
  );
}

function rulesIn(file: string): readonly Rule[] {
  const code = file.replace(/^\s*#.*$/gm, '');
  const definitions = new Map(
    [...code.matchAll(/^let (\w+) = (.+)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
  return [...code.matchAll(/^rule (\w+)(\([^)]*\))?([\s\S]*?)^\}/gm)].map(
    ([, name = '', inputs, body = '']) => {
      const whole = withDefinitions(body, definitions);
      const types = new Set([...whole.matchAll(/Type == '([\w:]+)'/g)].map(([, type = '']) => type));
      return { name, text: whole.replace(VALUES, ''), types, isAsked: inputs !== undefined };
    },
  );
}

/** A text with the definitions of the variables in it, and of those in them. */
function withDefinitions(body: string, definitions: ReadonlyMap<string, string>): string {
  const used = [...body.matchAll(/%(\w+)/g)].map(([, name = '']) => definitions.get(name) ?? '');
  return [body, ...used.map((value) => withDefinitions(value, definitions))].join('\n');
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

function mutations(resources: Resources, path: Path): readonly (readonly [fate: string, Resources])[] {
  const removed = structuredClone(resources);
  const spoilt = structuredClone(resources);
  const key = path.at(-1) ?? '';
  delete parentOf(removed, path)[key];
  parentOf(spoilt, path)[key] = spoil(parentOf(spoilt, path)[key]);
  const isChanged = JSON.stringify(spoilt) !== JSON.stringify(resources);
  return [['removed', removed] as const, ...(isChanged ? [['spoilt', spoilt] as const] : [])];
}

function parentOf(resources: Resources, path: Path): Record<string, unknown> {
  return path
    .slice(0, -1)
    .reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], resources) as Record<
    string,
    unknown
  >;
}

/** The opposite of a truth, a number far off, and for everything else what stands for anything at all. */
function spoil(value: unknown): unknown {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1_000_000;
  if (value === 'false') return 'true';
  return '*';
}
