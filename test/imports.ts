import { posix } from 'node:path';
import type { SourceFile } from './source-files.ts';

/** Who may import whom, by the longest matching path; a package is named as it is imported. */
export type ImportRules = Readonly<Record<string, readonly string[]>>;

const SPECIFIER =
  /^\s*(?:import|export)\b[^'"`]*?\bfrom\s+'([^']+)'|\bimport\('([^']+)'|^\s*import\s+'([^']+)'/gm;

/** Every import, of values or types, that the rules do not allow; as `file → what it imports`. */
export function forbiddenImports({ path, text }: SourceFile, rules: ImportRules): readonly string[] {
  const part = partOf(path, rules);
  if (!part) return [`${path} is in no room`];
  return [...text.matchAll(SPECIFIER)]
    .map(([, from, lazy, bare]) => resolve(path, from ?? lazy ?? bare ?? ''))
    .filter((target) => !isAllowed(target, part, rules))
    .map((target) => `${path} → ${target}`);
}

function isAllowed(target: string, part: string, rules: ImportRules): boolean {
  const room = partOf(target, rules) ?? target;
  return room === part || (rules[part] ?? []).includes(room);
}

/** The longest key that is the path itself, or a folder above it. */
function partOf(path: string, rules: ImportRules): string | undefined {
  return Object.keys(rules)
    .filter((key) => path === key || path === `${key}.ts` || path.startsWith(`${key}/`))
    .sort((a, b) => b.length - a.length)[0];
}

function resolve(path: string, specifier: string): string {
  return specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : specifier;
}
