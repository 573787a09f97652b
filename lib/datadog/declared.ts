import dashboard from '../../resources/datadog/dashboard.json' with { type: 'json' };
import monitor from '../../resources/datadog/monitor.json' with { type: 'json' };
import watchdog from '../../resources/datadog/watchdog.json' with { type: 'json' };
import type { Json, JsonObject } from './json.ts';

/** What people choose; everything else is in resources/datadog. */
export interface Settings {
  /** The value of the heartbeat's tag `deployment`, as Datadog stores it. */
  readonly deployment: string;
  /** Whom the monitors tell, as `@slack-security`. */
  readonly handles: readonly string[];
  readonly runbookUrl?: string | undefined;
}

/** One thing in Datadog that is kept as a file here. */
export interface Declared {
  readonly key: 'monitor' | 'watchdog' | 'dashboard';
  readonly kind: 'monitor' | 'dashboard';
  /** How it is known again: all of these are tags of a monitor, or words in the description of a dashboard. */
  readonly marks: readonly string[];
  readonly body: JsonObject;
}

const MARK = /\b(?:managed_by|monitor_key|dashboard_key|deployment):\S+/g;

/** What should be in Datadog. The monitor and the dashboard are one for all deployments; a watchdog is for one. */
export function declared(settings: Settings): readonly Declared[] {
  return [
    declaredMonitor('monitor', monitor, settings),
    declaredMonitor('watchdog', watchdog, settings),
    { key: 'dashboard', kind: 'dashboard', body: dashboard, marks: marksIn(dashboard.description) },
  ];
}

function declaredMonitor(
  key: 'monitor' | 'watchdog',
  file: JsonObject & { readonly message: string },
  settings: Settings,
): Declared {
  const whole = { ...file, message: message(file.message, settings) };
  const body = named(whole, settings.deployment) as JsonObject;
  return { key, kind: 'monitor', body, marks: marksIn(String(body.tags)) };
}

/** What follows the last bracket stands in every notification, whatever its kind: who is told hears of the end, too. */
function message(text: string, { runbookUrl, handles }: Settings): string {
  return [
    text,
    ...(runbookUrl ? [`Runbook: ${runbookUrl}`] : []),
    ...(handles.length ? [handles.join(' ')] : []),
  ].join('\n');
}

/** The document with the deployment's name wherever it says DEPLOYMENT. */
function named(value: Json, deployment: string): Json {
  if (typeof value === 'string') return value.replaceAll('DEPLOYMENT', deployment);
  if (Array.isArray(value)) return value.map((it) => named(it, deployment));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, it]) => [key, named(it, deployment)]));
}

function marksIn(text: string): readonly string[] {
  return text.replaceAll(',', ' ').match(MARK) ?? [];
}

/** The handles that a message notifies: Datadog wants a space or a line's beginning before each. */
export function handlesIn(text: string): readonly string[] {
  return [...text.matchAll(/(?<=^|\s)@[^\s{}]+/g)].map(([handle]) => handle);
}
