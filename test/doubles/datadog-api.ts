import { type Endpoint, type LocalRequest, type LocalResponse, serve } from '../../local/http.ts';
import { readObject } from '../../local/json-body.ts';
import { type Scripted, scripted } from '../../local/reply-script.ts';

type Body = Readonly<Record<string, unknown>>;
type Kind = 'monitor' | 'dashboard';

/** One monitor or dashboard, as the API answers it. */
type Kept = Body & { readonly id: number | string };

export interface DatadogApi extends Endpoint, Scripted {
  /** Everything there is, by kind, in the order of creation. A test may change it as a person would. */
  readonly kept: Readonly<Record<Kind, Kept[]>>;
  /** Every request that came, as `GET /api/v1/monitor?page=0`, whatever became of it. */
  readonly asked: string[];
  /** The headers and bodies of the same. */
  readonly requests: LocalRequest[];
}

/** What is wrong with a body; empty when nothing is. From Datadog's specification, where a test has it. */
export type FaultsOf = (kind: Kind, body: Body) => readonly string[];

/**
 * Serves Datadog's API of monitors and dashboards: lists, checks, keeps and replaces them, and adds what the recorded
 * answers of the real one add. Needs both keys.
 * Sources: https://docs.datadoghq.com/api/latest/monitors/ · https://docs.datadoghq.com/api/latest/dashboards/
 */
export async function startDatadogApi(of: {
  readonly apiKey: string;
  readonly appKey: string;
  readonly faultsOf: FaultsOf;
}): Promise<DatadogApi> {
  const kept: Record<Kind, Kept[]> = { monitor: [], dashboard: [] };
  const requests: LocalRequest[] = [];
  const asked: string[] = [];
  const script = scripted((request) => {
    const { headers } = request;
    if (headers['dd-api-key'] !== of.apiKey || headers['dd-application-key'] !== of.appKey)
      return errors(403, 'Forbidden');
    return answer(request, kept, of.faultsOf);
  });
  const endpoint = await serve((request) => {
    requests.push(request);
    asked.push(`${request.method} ${request.path}`);
    return script.respond(request);
  });
  return { ...endpoint, plan: script.plan, kept, asked, requests };
}

function answer(request: LocalRequest, kept: Record<Kind, Kept[]>, faultsOf: FaultsOf): LocalResponse {
  const url = new URL(request.path, 'http://127.0.0.1');
  const [, kind, id] = /^\/api\/v1\/(monitor|dashboard)(?:\/([\w-]+))?$/.exec(url.pathname) ?? [];
  if (kind !== 'monitor' && kind !== 'dashboard') return errors(404, 'Not Found');
  if (request.method === 'GET') return read(kind, id, url.searchParams, kept);
  const body = readObject(request.body);
  if (!body) return errors(400, 'The request body is not an object');
  // A monitor is changed by the keys that are sent: what it would be then has to be right.
  const before = kind === 'monitor' ? kept.monitor.find((it) => String(it.id) === id) : undefined;
  const whole = { ...before, ...body };
  const faults = [...faultsOf(kind, whole), ...(kind === 'monitor' ? thresholdFaults(whole) : [])];
  if (faults.length > 0) return errors(400, ...faults);
  if (request.method === 'POST' && id === 'validate') return json(200, {});
  return write(`${request.method} ${kind}`, id, body, kept);
}

function read(kind: Kind, id: string | undefined, query: URLSearchParams, kept: Record<Kind, Kept[]>) {
  if (id !== undefined) {
    const one = kept[kind].find((it) => String(it.id) === id);
    return one ? json(200, one) : errors(404, `${kind} not found`);
  }
  if (kind === 'monitor') {
    const wanted = (query.get('monitor_tags') ?? '').split(',').filter((it) => it !== '');
    const having = kept.monitor.filter(({ tags }) => wanted.every((tag) => Object(tags).includes(tag)));
    return json(
      200,
      slice(having, Number(query.get('page')) * size(query, 'page_size'), size(query, 'page_size')),
    );
  }
  const some = slice(kept.dashboard, Number(query.get('start') ?? 0), size(query, 'count'));
  return json(200, { dashboards: some.map(summary) });
}

function size(query: URLSearchParams, name: string): number {
  return Number(query.get(name) ?? 100);
}

function slice(all: readonly Kept[], from: number, count: number): readonly Kept[] {
  return all.slice(from, from + count);
}

function summary({
  id,
  title,
  description,
  author_handle,
  layout_type,
  url,
  created_at,
  modified_at,
}: Kept): Body {
  return {
    id,
    title,
    description,
    author_handle,
    layout_type,
    url,
    is_read_only: false,
    created_at,
    modified_at,
  };
}

function write(what: string, id: string | undefined, body: Body, kept: Record<Kind, Kept[]>): LocalResponse {
  if (what === 'POST monitor')
    return json(200, keep(kept.monitor, newMonitor(body, 107_235_710 + kept.monitor.length)));
  if (what === 'POST dashboard')
    return json(200, keep(kept.dashboard, newDashboard(body, `abc-def-${kept.dashboard.length}`)));
  const all = what === 'PUT monitor' ? kept.monitor : kept.dashboard;
  const nth = all.findIndex((it) => String(it.id) === id);
  const before = all[nth];
  if (!before) return errors(404, 'Not Found');
  const after =
    what === 'PUT monitor' ? changedMonitor(before, body) : { ...newDashboard(body, String(before.id)) };
  all[nth] = after;
  return json(200, after);
}

function keep(all: Kept[], one: Kept): Kept {
  all.push(one);
  return one;
}

/** Recorded: v1-monitor-create-200. */
function newMonitor(
  { type, name, message = '', tags = [], query, options, priority = null }: Body,
  id: number,
): Kept {
  const created = new Date().toISOString().replace('Z', '000+00:00');
  return {
    ...{
      id,
      org_id: 321_813,
      type: type === 'metric alert' ? 'query alert' : type,
      name,
      message,
      tags,
      query,
    },
    options: withDefaults(Object(options), type),
    multi: / by \{/.test(String(query)),
    ...{
      created_at: Date.parse(created),
      created,
      modified: created,
      deleted: null,
      restricted_roles: null,
      priority,
    },
    ...{ overall_state_modified: null, overall_state: 'No Data' },
    creator: { name: null, handle: 'frog@datadoghq.com', email: 'frog@datadoghq.com', id: 1_445_416 },
  };
}

/** Recorded: v1-monitor-edit-200. The top level is merged, `options` are replaced. */
function changedMonitor(before: Kept, body: Body): Kept {
  const { options = before.options, ...others } = body;
  const { creator: _creator, ...kept } = before;
  return { ...kept, ...others, options: withDefaults(Object(options), before.type) } as Kept;
}

function withDefaults(options: Body, type: unknown): Body {
  const delay = 'new_group_delay' in options ? {} : { new_host_delay: 300 };
  return {
    notify_no_data: false,
    notify_audit: false,
    include_tags: true,
    ...delay,
    ...(type === 'log alert' && { groupby_simple_monitor: false }),
    silenced: {},
    ...options,
  };
}

/** Recorded with Datadog's client: dashboards created by its tests. */
function newDashboard(
  { title, description = null, widgets = [], notify_list = [], ...others }: Body,
  id: string,
): Kept {
  const now = new Date().toISOString().replace('Z', '000+00:00');
  return {
    ...{
      id,
      title,
      description,
      author_handle: 'frog@datadoghq.com',
      author_name: null,
      url: `/dashboard/${id}/ours`,
    },
    ...{
      is_read_only: false,
      ...others,
      notify_list,
      created_at: now,
      modified_at: now,
      restricted_roles: [],
    },
    widgets: (widgets as Body[]).map((widget, nth) => ({ ...widget, id: 7_923_339_019_354_632 + nth })),
  };
}

/** https://docs.datadoghq.com/monitors/guide/monitor_api_options/: the threshold is said twice, and must be the same. */
function thresholdFaults({ query, options }: Body): readonly string[] {
  const inQuery = /(-?[\d.]+)\s*$/.exec(String(query))?.[1];
  const critical = Object(Object(options).thresholds).critical;
  if (inQuery === undefined)
    return ["The value provided for parameter 'query' is invalid: invalid operator specified: "];
  if (critical === undefined || Number(inQuery) === critical) return [];
  return [`Alert threshold (${critical}) does not match that used in the query (${inQuery}).`];
}

function errors(status: number, ...messages: readonly string[]): LocalResponse {
  return json(status, { errors: messages });
}

function json(status: number, document: unknown): LocalResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(document)}\n` };
}
