import type { LocalRequest, LocalResponse } from './http.ts';
import { readObject } from './json-body.ts';
import { isView } from './slack-views.ts';

/** A message as a channel of the loopback Slack keeps it. */
interface ChannelMessage {
  readonly channel: string;
  readonly ts: string;
  readonly thread_ts?: string;
  readonly reply_broadcast?: boolean;
  readonly metadata?: unknown;
  text?: string;
  blocks?: readonly unknown[];
  /** How often `chat.update` changed it. */
  updates: number;
}

/** A workspace with one app in it: what the app may do, and the channels that it can see. */
export interface SlackWorkspace {
  token: string;
  /** What Slack signs with what it sends us. */
  readonly signingSecret: string;
  /** People by their id. */
  readonly users: Map<string, { readonly tz: string }>;
  readonly scopes: Set<string>;
  readonly channels: Map<string, { isMember: boolean; isArchived: boolean }>;
  readonly messages: ChannelMessage[];
  /** What one person alone saw. */
  readonly ephemerals: Parameters[];
  /** The modals that were opened. */
  readonly views: Parameters[];
  /** User groups by their id, with who is in them. */
  readonly userGroups: Map<string, readonly string[]>;
}

type Parameters = Readonly<Record<string, unknown>>;
type Answer = Readonly<Record<string, unknown>>;

/** What a workspace looks like at first: two channels, and all the rights that docs/slack-app.yml asks for. */
export function aWorkspace(): SlackWorkspace {
  const open = { isMember: true, isArchived: false };
  return {
    token: 'xoxb-1111-2222-localtoken',
    signingSecret: '8f742231b10e8888abcd99yyyzzz85a5',
    users: new Map([
      ['U0LOCAL001', { tz: 'Europe/Berlin' }],
      ['U0LOCAL002', { tz: 'Asia/Tokyo' }],
    ]),
    scopes: new Set(['chat:write', 'channels:history', 'groups:history', 'users:read', 'usergroups:read']),
    userGroups: new Map([['S0LOCAL001', ['U0LOCAL001']]]),
    channels: new Map([
      ['C0LOCAL001', { ...open }],
      ['C0LOCAL002', { ...open }],
    ]),
    messages: [],
    ephemerals: [],
    views: [],
  };
}

/**
 * Slack's Web API as far as the sink uses it; `refuse` says what is wrong with blocks. Errors are answers with 200.
 * Source: https://docs.slack.dev/reference/methods
 */
export function slackApi(
  workspace: SlackWorkspace,
  refuse: (message: Parameters) => string | undefined,
): (request: LocalRequest) => LocalResponse {
  return ({ path, headers, body }) => {
    const method = METHODS[path.slice('/api/'.length)];
    if (!method) return said({ ok: false, error: 'unknown_method' });
    if (headers.authorization !== `Bearer ${workspace.token}`)
      return said({ ok: false, error: 'invalid_auth' });
    const isJson = headers['content-type']?.startsWith('application/json');
    const parameters: Parameters = isJson
      ? (readObject(body) ?? {})
      : Object.fromEntries(new URLSearchParams(body));
    const fault = faultOf(workspace, path, parameters);
    return said(fault ? { ok: false, error: fault } : method(workspace, parameters, refuse));
  };
}

/** The first scope whose methods begin so. */
const SCOPES: readonly (readonly [string, string])[] = [
  ['/api/chat.', 'chat:write'],
  ['/api/users.', 'users:read'],
  ['/api/usergroups.', 'usergroups:read'],
  ['/api/conversations.', 'channels:history'],
];

function faultOf({ scopes, channels }: SlackWorkspace, path: string, { channel }: Parameters) {
  const scope = SCOPES.find(([start]) => path.startsWith(start))?.[1];
  if (scope && !scopes.has(scope)) return 'missing_scope';
  if (channel === undefined && !path.startsWith('/api/chat.')) return undefined;
  const known = channels.get(String(channel));
  if (!known) return 'channel_not_found';
  if (known.isArchived) return 'is_archived';
  return known.isMember ? undefined : 'not_in_channel';
}

type Method = (
  workspace: SlackWorkspace,
  parameters: Parameters,
  refuse: (message: Parameters) => string | undefined,
) => Answer;

const METHODS: Readonly<Record<string, Method>> = {
  'chat.postMessage'({ messages }, parameters, refuse) {
    const { channel, thread_ts: thread, metadata } = parameters;
    const error = refuse(parameters);
    if (error) return { ok: false, error };
    if (thread !== undefined && !messages.some(({ ts }) => ts === thread))
      return { ok: false, error: 'thread_not_found' };
    if (JSON.stringify(metadata ?? '').length > 8_000) return { ok: false, error: 'metadata_too_large' };
    const ts = nextTs(messages.at(-1)?.ts);
    messages.push({ ...(parameters as unknown as ChannelMessage), ts, updates: 0 });
    return { ok: true, channel, ts };
  },

  'chat.update'({ messages }, parameters, refuse) {
    const message = messages.find(
      ({ ts, channel }) => ts === parameters.ts && channel === parameters.channel,
    );
    if (!message) return { ok: false, error: 'message_not_found' };
    const error = refuse(parameters);
    if (error) return { ok: false, error };
    message.text = String(parameters.text);
    message.blocks = parameters.blocks as readonly unknown[];
    message.updates += 1;
    return { ok: true, channel: message.channel, ts: message.ts };
  },

  'users.info'({ users }, { user }) {
    const known = users.get(String(user));
    return known ? { ok: true, user: { id: user, ...known } } : { ok: false, error: 'user_not_found' };
  },

  'usergroups.users.list'({ userGroups }, { usergroup }) {
    const users = userGroups.get(String(usergroup));
    return users ? { ok: true, users } : { ok: false, error: 'no_such_subteam' };
  },

  'chat.postEphemeral'({ ephemerals }, parameters, refuse) {
    const error = refuse(parameters);
    if (error) return { ok: false, error };
    ephemerals.push(parameters);
    return { ok: true, message_ts: nextTs() };
  },

  'views.open'({ views }, parameters) {
    if (!/^[\w.]+$/.test(String(parameters.trigger_id))) return { ok: false, error: 'invalid_trigger_id' };
    if (!isView(parameters.view)) return { ok: false, error: 'invalid_arguments' };
    views.push(parameters);
    return { ok: true, view: { id: 'V0LOCAL001' } };
  },

  'conversations.history'({ messages }, parameters) {
    const shown = messages.filter(
      (it) => it.channel === parameters.channel && (it.thread_ts === undefined || it.reply_broadcast),
    );
    return page([...shown].reverse(), parameters);
  },

  'conversations.replies'({ messages }, parameters) {
    const { channel, ts } = parameters;
    const parent = messages.find((it) => it.channel === channel && it.ts === ts);
    if (!parent) return { ok: false, error: 'thread_not_found' };
    return page(
      messages.filter((it) => it.channel === channel && it.thread_ts === ts),
      parameters,
    );
  },
};

/** One page of what is not older than asked; metadata only where it is asked for. */
function page(
  messages: readonly ChannelMessage[],
  { oldest = '0', limit, cursor, ...asked }: Parameters,
): Answer {
  const young = messages.filter(({ ts }) => Number(ts) >= Number(oldest));
  const from = Number(cursor ?? 0);
  const to = from + Number(limit ?? 100);
  const isWhole = to >= young.length;
  const shown = young.slice(from, to).map(({ metadata, updates: _, ...rest }) => ({
    ...rest,
    ...(asked.include_all_metadata === 'true' && { metadata }),
  }));
  return {
    ok: true,
    messages: shown,
    has_more: !isWhole,
    response_metadata: { next_cursor: isWhole ? '' : String(to) },
  };
}

/** Seconds and microseconds, each greater than the one before. */
function nextTs(last = '0'): string {
  const micros = Math.max(Date.now() * 1000, Math.round(Number(last) * 1e6) + 1);
  return `${Math.floor(micros / 1e6)}.${String(micros % 1e6).padStart(6, '0')}`;
}

function said(answer: Answer): LocalResponse {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(answer) };
}
