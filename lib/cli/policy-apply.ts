import { BadReference } from '../errors.ts';
import { raw } from '../image/untrusted.ts';
import { type Instant, toInstant } from '../instant.ts';
import type { AppliedPolicy, PolicyDocument } from '../policy/document.ts';
import type { IgnoreRule } from '../policy/ignore.ts';
import type { Remark } from '../policy-file/parse.ts';
import { changesBetween } from '../policy-file/words.ts';
import { fingerprint } from '../scan/compare.ts';
import type { PolicyPorts } from '../services/apply-policy.ts';
import { EXIT, type Options, type Output, type Tools } from './command.ts';
import { bothZones } from './time.ts';

const SCHEMA = 'scan-response.policy/v1';

/** Shows what a policy changes, and makes it the one that holds, unless somebody else was faster. */
export async function applyPolicy(
  document: PolicyDocument,
  warnings: readonly Remark[],
  { dryRun, version }: Options,
  { now }: Tools,
  ports: PolicyPorts,
): Promise<Output> {
  const base = version === undefined ? undefined : numberOf(version);
  const before = await ports.load();
  if (base !== undefined && base !== (before?.number ?? 0))
    return overtaken(await versionOf(base, ports), before);
  const changes = changesBetween(before?.document, document);
  const told = { schema: SCHEMA, action: 'apply', dryRun, changes, warnings };
  const lines = [...warnings.map(({ where, says }) => `WARNING ${where}: ${says}`), ...changes];
  const hash = fingerprint([JSON.stringify(document)]);
  if (hash === before?.hash)
    return {
      exit: EXIT.found,
      lines: [...lines, `version ${before.number} says so already: nothing written`],
      document: { ...told, outcome: 'known', number: before.number },
    };
  if (dryRun)
    return {
      exit: EXIT.found,
      lines: [...lines, 'applied nothing'],
      document: { ...told, outcome: 'dry-run' },
    };
  const by = await ports.whoAmI();
  const at = toInstant(now());
  const author = { ...(by && { by: raw(by) }), since: at };
  const number = (before?.number ?? 0) + 1;
  const policy = {
    number,
    hash,
    at,
    document: signed(document, before?.document, author),
    ...(by && { by: raw(by) }),
  };
  if (!(await ports.save(policy, before))) return overtaken(before, await ports.load());
  return {
    exit: EXIT.found,
    lines: [
      ...lines,
      `applied as version ${number}: it holds within a minute, and what is open is read again within the hour`,
    ],
    document: { ...told, outcome: 'applied', number, hash },
  };
}

/** Rules that are new get their author; the others keep theirs. */
function signed(
  document: PolicyDocument,
  before: PolicyDocument | undefined,
  author: { readonly by?: string; readonly since: Instant },
): PolicyDocument {
  const { ignore } = document;
  if (!ignore) return document;
  const known = new Map((before?.ignore ?? []).map((rule) => [identityOf(rule), rule]));
  return { ...document, ignore: ignore.map((rule) => known.get(identityOf(rule)) ?? { ...rule, ...author }) };
}

function identityOf({ by: _, since: __, ...rule }: IgnoreRule): string {
  return JSON.stringify([rule.cve, rule.package, rule.path, rule.repository, rule.reason, rule.expires]);
}

/** The number of a version, as somebody typed it; throws BadReference when it is none. */
export function numberOf(version: string): number {
  if (!/^\d{1,8}$/.test(version)) throw new BadReference('--version takes the number of a version, as 3');
  return Number(version);
}

async function versionOf(number: number, ports: PolicyPorts): Promise<AppliedPolicy | undefined> {
  const found = (await ports.list()).find((it) => it.number === number);
  if (!found && number > 0)
    throw new BadReference(`no version ${number} was ever applied: see scan-response policy log`);
  return found;
}

/** Somebody else applied another one: what changed in between, and nothing is written. */
function overtaken(base: AppliedPolicy | undefined, now: AppliedPolicy | undefined): Output {
  const changes = now ? changesBetween(base?.document, now.document) : [];
  const words = now
    ? `version ${now.number} was applied at ${bothZones(now.at)} by ${now.by ?? 'somebody'}; it changed:`
    : 'no policy was applied yet: leave out --version';
  return {
    exit: EXIT.fault,
    lines: [words, ...changes, 'nothing written: put that into your file and apply it again'],
    document: { schema: SCHEMA, action: 'apply', outcome: 'overtaken', number: now?.number ?? null, changes },
  };
}
