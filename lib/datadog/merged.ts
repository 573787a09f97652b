import type { Declared } from './declared.ts';
import { isObject, type Json, type JsonObject, texts } from './json.ts';

/** Of a dashboard, beside what we declare: whose it is, and who sees and hears of it. */
const KEPT_OF_DASHBOARD = ['tags', 'template_variable_presets', 'notify_list', 'restricted_roles'];

/** Datadog's own word about a monitor, or settings that it has replaced: sent back they could be refused. */
const NOT_SENT = new Set([
  ...['silenced', 'new_host_delay', 'device_ids', 'groupby_simple_monitor', 'locked', 'synthetics_check_id'],
]);

/**
 * The whole body that makes a thing as declared and leaves alone what others added. It has to be whole: a PUT of a
 * monitor replaces all of `options` (recorded: an escalation message was gone), a PUT of a dashboard everything.
 */
export function merged({ kind, body }: Declared, theirs: JsonObject): JsonObject {
  if (kind === 'dashboard') return { ...only(theirs, KEPT_OF_DASHBOARD), ...body };
  return {
    ...body,
    tags: [...new Set([...texts(theirs.tags), ...texts(body.tags)])],
    options: { ...others(theirs.options), ...(isObject(body.options) && body.options) },
  };
}

function only(document: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(document).filter(([key]) => keys.includes(key)));
}

function others(options: Json | undefined): JsonObject {
  if (!isObject(options)) return {};
  return Object.fromEntries(
    Object.entries(options).filter(([key, value]) => !NOT_SENT.has(key) && value !== null),
  );
}
