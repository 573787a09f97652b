import { stringify } from 'yaml';
import { BadReference } from '../errors.ts';
import { isDay, toInstant } from '../instant.ts';
import type { AppliedPolicy, PolicyDocument } from '../policy/document.ts';
import { matchesGlob } from '../policy/glob.ts';
import { importVex } from '../policy-file/openvex.ts';
import { parsePolicy, type Remark, type WhereIs } from '../policy-file/parse.ts';
import { namedRepositories, reviewPolicy } from '../policy-file/review.ts';
import { policyPorts } from '../services/apply-policy.ts';
import { readText } from '../services/files.ts';
import { EXIT, type Options, type Output, type Tools } from './command.ts';
import { applyPolicy, numberOf } from './policy-apply.ts';
import { bothZones, parseTime } from './time.ts';

const SCHEMA = 'scan-response.policy/v1';

/** Runs one of the actions of `policy`, on a file where it takes one. Throws BadReference. */
export async function runPolicy(
  action: string,
  file: string,
  options: Options,
  tools: Tools,
): Promise<Output> {
  if (action === 'import-vex') return importFile(file, options);
  const ports = policyPorts(options, tools.environment);
  if (action === 'log') return logOf(await ports.list());
  if (action === 'show') return show(await ports.list(), options, tools);
  const checked = await check(file, options, tools);
  if ('exit' in checked || action === 'check')
    return 'exit' in checked ? checked : reportCheck(file, checked);
  return applyPolicy(checked.document, checked.warnings, options, tools, ports);
}

interface Checked {
  readonly document: PolicyDocument;
  readonly warnings: readonly Remark[];
}

async function check(file: string, { strict }: Options, tools: Tools): Promise<Checked | Output> {
  const parsed = parsePolicy(await readText(file));
  if ('errors' in parsed) return reportErrors(file, parsed.errors);
  const warnings = await warningsFor(parsed.document, parsed.whereIs, tools);
  if (strict && warnings.length > 0) return reportErrors(file, warnings);
  return { document: parsed.document, warnings };
}

async function warningsFor(
  document: PolicyDocument,
  whereIs: WhereIs,
  { lookup }: Tools,
): Promise<readonly Remark[]> {
  const ports = await lookup();
  const known = await Promise.all(
    namedRepositories(document).map(async (name) =>
      (await ports.findRepositories(name)).length > 0 ? [] : [name],
    ),
  );
  const unseen = await Promise.all(
    (document.ignore ?? []).map(async ({ cve = '*', repository = '*' }, nth) => {
      if (cve.includes('*')) return [];
      const seen = await ports.findSightings(cve);
      return seen.some(({ name }) => matchesGlob(repository, name)) ? [] : [nth];
    }),
  );
  const facts = { unknownRepositories: new Set(known.flat()), unseen: new Set(unseen.flat()) };
  return reviewPolicy(document, whereIs, toInstant(ports.now()), facts);
}

function reportErrors(file: string, errors: readonly Remark[]): Output {
  const count = errors.length === 1 ? '1 error' : `${errors.length} errors`;
  return {
    exit: EXIT.fault,
    lines: [...errors.map(({ where, says }) => `${file}: ${where}: ${says}`), `${count}: nothing is applied`],
    document: { schema: SCHEMA, action: 'check', errors, warnings: [] },
  };
}

function reportCheck(file: string, { document, warnings }: Checked): Output {
  return {
    exit: EXIT.found,
    lines: [
      ...warnings.map(({ where, says }) => `WARNING ${file}: ${where}: ${says}`),
      `${file} can be applied`,
    ],
    document: { schema: SCHEMA, action: 'check', errors: [], warnings, document },
  };
}

function show(all: readonly AppliedPolicy[], { version, at, fold }: Options, { now }: Tools): Output {
  const time = at === undefined ? undefined : parseTime(at, now(), { fold });
  const number = version === undefined ? undefined : numberOf(version);
  const asked = all.filter((it) => (number === undefined ? !time || it.at <= time : it.number === number));
  const policy = asked.at(-1);
  if (!policy)
    return {
      exit: EXIT.notFound,
      lines: [
        all.length === 0 ? 'no policy was applied: the settings of the functions hold' : 'no such version',
      ],
      document: { schema: SCHEMA, action: 'show', policy: null },
    };
  return {
    exit: EXIT.found,
    lines: [`# ${headOf(policy)}`, ...stringify(policy.document).trimEnd().split('\n')],
    document: { schema: SCHEMA, action: 'show', policy },
  };
}

function logOf(all: readonly AppliedPolicy[]): Output {
  const newest = [...all].reverse();
  return {
    exit: all.length > 0 ? EXIT.found : EXIT.notFound,
    lines:
      all.length > 0 ? newest.map(headOf) : ['no policy was applied: the settings of the functions hold'],
    document: {
      ...{ schema: SCHEMA, action: 'log' },
      versions: newest.map(({ number, at, by, hash }) => ({ number, at, by: by ?? null, hash })),
    },
  };
}

function headOf({ number, at, by, hash }: AppliedPolicy): string {
  return `version ${number}  ${bothZones(at)}  by ${by ?? 'somebody'}  ${hash.slice(0, 12)}`;
}

async function importFile(file: string, { expires }: Options): Promise<Output> {
  if (!expires || !isDay(expires))
    throw new BadReference('OpenVEX statements have no end, our rules do: say --expires, as 2027-03-31');
  const text = await readText(file);
  const imported = importVex(parseJson(text), expires);
  if (!imported) throw new BadReference(`${file} is no OpenVEX document: https://openvex.dev`);
  const { rules, widened, left } = imported;
  return {
    exit: EXIT.found,
    lines: [
      ...(rules.length > 0 ? stringify({ ignore: rules }).trimEnd().split('\n') : []),
      ...widened.map((it) => `# WIDER  ${it}`),
      ...left.map((it) => `# LEFT OUT  ${it}`),
      `# ${rules.length} rules, ${left.length} left out: put them into your policy file and apply it`,
    ],
    document: { schema: SCHEMA, action: 'import-vex', rules, widened, left },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
