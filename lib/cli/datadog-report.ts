import { type Declared, declared, handlesIn } from '../datadog/declared.ts';
import { DatadogFailure } from '../datadog/failure.ts';
import { type Done, make, type Standing, standings } from '../datadog/plan.ts';
import { terraform } from '../datadog/terraform.ts';
import { datadogPorts } from '../services/datadog.ts';
import { callersSite, hasUnusedProxy, SCOPES } from '../services/datadog-access.ts';
import { EXIT, type Options, type Output, type Tools } from './command.ts';
import { settingsOf } from './datadog-settings.ts';
import { documentOf, linesOf, paint } from './datadog-words.ts';

/** What every document begins with. */
interface Head {
  readonly schema: 'scan-response.datadog/v1';
  readonly action: 'plan' | 'apply' | 'export';
  readonly site: string;
  readonly deployment: string;
}

type Needs = Pick<Tools, 'stage' | 'environment' | 'progress'>;

/**
 * What `scan-response datadog` says. Exit codes: 0 as declared, or made so; 2 something is different; 3 several things bear
 * our marks; 5 Datadog could not be asked, or refused. Throws ConfigError and BadReference for what the caller mends.
 */
export async function datadogReport(action: Head['action'], options: Options, tools: Needs): Promise<Output> {
  const settings = settingsOf(options, tools);
  const wanted = declared(settings);
  const site = callersSite(tools.environment);
  const head: Head = { schema: 'scan-response.datadog/v1', action, site, deployment: settings.deployment };
  if (action === 'export') return exported(head, wanted, options.terraform);
  const ports = datadogPorts(tools.environment, tools.progress);
  const done: Done[] = [];
  try {
    const plan = await standings(wanted, ports);
    const lost = options.notify === undefined ? lostHandles(plan) : [];
    const isStuck = plan.some(({ state }) => state === 'ambiguous');
    if (action === 'plan') return planned(head, plan, lost);
    if (isStuck || lost.length > 0) return refused(head, plan, lost);
    for (const it of plan) done.push(await make(it, ports));
    const isNobodyTold = options.notify === undefined;
    return said(
      head,
      EXIT.found,
      done,
      isNobodyTold ? ['nobody is told by these monitors: see --notify'] : [],
    );
  } catch (error) {
    if (!(error instanceof DatadogFailure)) throw error;
    return failed(head, error, done, tools);
  }
}

function planned(head: Head, plan: readonly Standing[], lost: readonly string[]): Output {
  const count = (state: Done['state']) => plan.filter((it) => it.state === state).length;
  const summary = `${count('missing')} to create, ${count('different')} to change, ${count('same')} as declared`;
  const exit =
    count('ambiguous') > 0 ? EXIT.ambiguous : count('same') < plan.length ? EXIT.notFound : EXIT.found;
  return { ...said(head, exit, plan, ['', summary, ...lossLines(lost)]), isAnswer: true };
}

function refused(head: Head, plan: readonly Standing[], lost: readonly string[]): Output {
  const isStuck = plan.some(({ state }) => state === 'ambiguous');
  const lines = ['', 'nothing was changed', ...lossLines(lost)];
  return said(head, isStuck ? EXIT.ambiguous : EXIT.usage, plan, lines);
}

function said(head: Head, exit: Output['exit'], all: readonly Done[], more: readonly string[]): Output {
  const { site, deployment } = head;
  return {
    exit,
    lines: [`${deployment} at ${site}`, ...all.flatMap((it) => linesOf(it, site)), ...more],
    document: { ...head, resources: all.map((it) => documentOf(it, site)) },
    paint,
  };
}

/** Whom a monitor tells today, and would not tell any more: not to be lost by leaving out an option. */
function lostHandles(plan: readonly Standing[]): readonly string[] {
  return [
    ...new Set(
      plan.flatMap((it) =>
        it.state === 'different' ? handlesIn(String(it.found.document.message ?? '')) : [],
      ),
    ),
  ];
}

function lossLines(lost: readonly string[]): readonly string[] {
  if (lost.length === 0) return [];
  return [`would not tell ${lost.join(' ')} any more: say --notify "${lost.join(' ')}", or --notify none`];
}

function failed(head: Head, error: DatadogFailure, done: readonly Done[], { environment }: Needs): Output {
  const { message, status, isUnsure } = error;
  const isKeys = status === 401 || status === 403;
  const isUnreached = status === undefined && !isUnsure && hasUnusedProxy(environment);
  const advice = [
    ...(isKeys
      ? [`the keys must be of ${head.site} (DD_SITE), and the application key have the scopes ${SCOPES}`]
      : []),
    ...(isUnreached
      ? ['HTTPS_PROXY is used with NODE_USE_ENV_PROXY=1 only, by Node 22.21, 24 and later']
      : []),
    ...(isUnsure ? ['it may be done all the same: look with datadog plan before you apply again'] : []),
  ];
  const made = done.filter(({ state }) => state === 'created' || state === 'changed');
  const error_ = [message, ...advice].join('; ');
  return {
    exit: EXIT.backend,
    lines: [`scan-response: ${error_}`, ...made.flatMap((it) => linesOf(it, head.site))],
    document: { ...head, error: error_, resources: made.map((it) => documentOf(it, head.site)) },
  };
}

function exported(head: Head, all: readonly Declared[], asTerraform = false): Output {
  const documents = Object.fromEntries(all.map(({ key, body }) => [key, body]));
  const lines = asTerraform ? terraform(all) : JSON.stringify(documents, undefined, 2).split('\n');
  return {
    exit: EXIT.found,
    lines,
    document: { ...head, documents, ...(asTerraform && { terraform: lines.join('\n') }) },
  };
}
