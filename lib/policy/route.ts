/** Who is to hear of a repository's notices, by the policy. */
export interface Route {
  /** The team that owns it, as people call it. */
  readonly owner?: string;
  /** The channel's id in Slack (`C0123456789`), for a bot; a webhook has its own channel. */
  readonly slackChannel?: string;
  /** More attributes for SNS to filter by. */
  readonly snsAttributes?: Readonly<Record<string, string>>;
}
