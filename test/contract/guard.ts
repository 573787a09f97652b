import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';

/** What one file of rules says of one template; a rule is in one of the lists, by name. */
export interface Verdict {
  readonly passed: readonly string[];
  readonly failed: readonly string[];
  /** Rules that found nothing to look at. */
  readonly skipped: readonly string[];
}

/** As much of cfn-guard's structured output as is read here. */
interface Report {
  readonly name: string;
  readonly compliant: readonly string[];
  readonly not_applicable: readonly string[];
  readonly not_compliant: readonly { readonly Rule: { readonly name: string } }[];
}

const FOLDER = 'checks';
const PLATFORMS: Readonly<Record<string, string>> = { linux: 'ubuntu', darwin: 'macos' };
const CPUS: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' };

/** The rules, by file name. */
export const ruleFiles: ReadonlyMap<string, string> = new Map(
  readdirSync(FOLDER).map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')]),
);

/** cfn-guard, out of the package that carries it; `undefined` where that has none (Windows). */
export const cfnGuard: string | undefined = (() => {
  const require = createRequire(import.meta.url);
  const manifest = require.resolve('@cdklabs/cdk-validator-cfnguard/package.json');
  const { [process.platform]: platform = 'none' } = PLATFORMS;
  const { [process.arch]: cpu = 'none' } = CPUS;
  const binary = join(dirname(manifest), 'bin', platform, cpu, 'cfn-guard');
  return existsSync(binary) ? binary : undefined;
})();

/**
 * Asks cfn-guard about many templates at once, about equal ones once. Takes the text of one file of rules; returns a
 * verdict for each template, in order. Rejects when cfn-guard cannot read the rules: it would otherwise pass everything.
 */
export async function judge(rules: string, templates: readonly object[]): Promise<readonly Verdict[]> {
  const child = spawn(cfnGuard ?? 'cfn-guard', [
    ...['validate', '--payload', '--structured'],
    ...['--output-format', 'json', '--show-summary', 'none'],
  ]);
  const texts = templates.map((it) => JSON.stringify(it));
  const data = [...new Set(texts)];
  child.stdin.end(JSON.stringify({ rules: [rules], data }));
  const [output, complaints] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  if (complaints !== '' || output === '') throw new Error(`cfn-guard: ${complaints}`);
  const verdicts = new Map<string | undefined, Verdict>();
  for (const report of JSON.parse(output) as Report[]) {
    const index = Number(/^DATA_STDIN\[(\d+)\]$/.exec(report.name)?.[1]) - 1;
    const failed = report.not_compliant.map(({ Rule }) => Rule.name);
    verdicts.set(data[index], { passed: report.compliant, failed, skipped: report.not_applicable });
  }
  return texts.map((it, index) => {
    const verdict = verdicts.get(it);
    if (!verdict) throw new Error(`cfn-guard said nothing about template ${index + 1}.`);
    return verdict;
  });
}
