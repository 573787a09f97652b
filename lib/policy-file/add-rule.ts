import * as v from 'valibot';
import type { Instant } from '../instant.ts';
import type { AppliedPolicy, PolicyDocument } from '../policy/document.ts';
import type { IgnoreRule } from '../policy/ignore.ts';
import { fingerprint } from '../scan/compare.ts';
import { MAX_FILE_BYTES, PolicyFile } from './schema.ts';

/** A policy with one rule more, as its next version. */
export type Added =
  | { readonly policy: AppliedPolicy }
  /** What is wrong with the rule, by its field; `''`: with the policy as a whole. */
  | { readonly wrong: Readonly<Record<string, string>> };

/**
 * Adds a rule to the policy that holds, with its author: what the file of `policy apply` would say with the rule in it.
 * Undefined when a rule says the same already.
 */
export function addRule(
  before: AppliedPolicy | undefined,
  rule: Omit<IgnoreRule, 'by' | 'since'>,
  author: { readonly by: string; readonly at: Instant },
): Added | undefined {
  const document: PolicyDocument = before?.document ?? { version: 1 };
  const rules = document.ignore ?? [];
  if (rules.some((it) => isSame(it, rule))) return undefined;
  const signed: IgnoreRule = { ...rule, by: author.by, since: author.at };
  const next: PolicyDocument = { ...document, ignore: [...rules, signed] };
  const file = withoutAuthors(next);
  const result = v.safeParse(PolicyFile, file);
  if (!result.success) return { wrong: Object.fromEntries(result.issues.map(remark)) };
  const text = JSON.stringify(file);
  if (Buffer.byteLength(text) > MAX_FILE_BYTES)
    return { wrong: { '': 'the policy is full: let old rules go' } };
  return {
    policy: {
      number: (before?.number ?? 0) + 1,
      document: next,
      hash: fingerprint([text]),
      at: author.at,
      by: author.by,
    },
  };
}

/** As somebody wrote it: who applied a rule first is not in the file. */
function withoutAuthors({ ignore = [], ...rest }: PolicyDocument): PolicyDocument {
  return { ...rest, ignore: ignore.map(({ by: _, since: __, ...rule }) => rule) };
}

function remark({ path, message }: v.BaseIssue<unknown>): [string, string] {
  const [list, , field] = (path ?? []).map(({ key }) => String(key));
  return [list === 'ignore' ? (field ?? '') : '', message];
}

function isSame(one: IgnoreRule, other: IgnoreRule): boolean {
  const keys = ['cve', 'package', 'path', 'repository', 'expires'] as const;
  return keys.every((key) => one[key] === other[key]);
}
