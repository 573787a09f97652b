import type { Outcome } from '../../delivery/sink.ts';

/** What did not work, and why. */
export type Failure = Exclude<Outcome, { readonly state: 'sent' }>;

/** Nothing was done, and it may work later. */
const LATER: ReadonlySet<string> = new Set([
  ...['ratelimited', 'rate_limited', 'message_limit_exceeded', 'service_unavailable', 'request_timeout'],
  ...['team_added_to_org', 'org_login_required', 'external_channel_migrating'],
]);

/** "Some aspect of the operation may have succeeded before the error was raised", as Slack says of both. */
const NOBODY_KNOWS: ReadonlySet<string> = new Set(['internal_error', 'fatal_error']);

/** What a person has to do. Everything else is refused for good as well: the word alone has to say it. */
const ADVICE: Readonly<Record<string, string>> = {
  not_in_channel: 'invite the app to the channel (/invite @…)',
  channel_not_found: 'check the channel id, and invite the app when the channel is private',
  is_archived: 'the channel is archived: give another one',
  restricted_action_read_only_channel: 'the app may not post in this channel',
  invalid_auth: 'put the bot token of the app into the parameter',
  not_authed: 'put the bot token of the app into the parameter',
  token_revoked: 'install the app again and put its new bot token into the parameter',
  token_expired: 'turn token rotation off for the app: it needs a token that stays',
  account_inactive: 'install the app again and put its new bot token into the parameter',
  not_allowed_token_type: 'a bot token (xoxb-…) is needed',
  missing_scope: 'the app needs the scope chat:write',
};

/** Words that another token may change. */
const ABOUT_TOKEN: ReadonlySet<string> = new Set([
  ...['invalid_auth', 'not_authed', 'token_revoked', 'token_expired', 'account_inactive'],
  ...['not_allowed_token_type', 'missing_scope', 'no_permission'],
]);

/** The message that was to be answered or changed is no more, or takes no answer. */
const PARENT_GONE: ReadonlySet<string> = new Set([
  ...['thread_not_found', 'message_not_found', 'cannot_reply_to_message', 'invalid_thread_ts'],
  ...['restricted_action_thread_locked', 'restricted_action_non_threadable_channel'],
]);

export function isAboutToken(word: string | undefined): boolean {
  return word !== undefined && ABOUT_TOKEN.has(word);
}

export function isParentGone(word: string | undefined): boolean {
  return word !== undefined && PARENT_GONE.has(word);
}

/**
 * What the word of an answer with `ok: false` means: one that we do not know is a refusal for good, which a person sees.
 * Source: https://docs.slack.dev/reference/methods/chat.postMessage#errors
 */
export function fromErrorWord(word: string, retryAfterSeconds?: number): Failure {
  const advice = Object.hasOwn(ADVICE, word) ? `: ${ADVICE[word]}` : '';
  const why = `Slack answered ${word}${advice}`;
  if (NOBODY_KNOWS.has(word)) return { state: 'unknown', why, isAskable: true };
  if (!LATER.has(word)) return { state: 'rejected', why };
  return { state: 'refused', why, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
}
