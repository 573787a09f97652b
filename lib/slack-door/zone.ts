import * as v from 'valibot';
import type { CallSlack } from '../sinks/slack/web-api.ts';

const User = v.object({ user: v.object({ tz: v.pipe(v.string(), v.maxLength(60)) }) });

/**
 * Reads the zone that a person has in Slack. Throws without a bot token, without its scope `users:read`, or when Slack does
 * not say. https://docs.slack.dev/reference/methods/users.info
 */
export function readZone(call: CallSlack): (userId: string) => Promise<string> {
  return async (user) => {
    const reply = await call('users.info', { user });
    const parsed = reply.ok ? v.safeParse(User, reply.body) : undefined;
    if (!parsed?.success) throw new Error('Slack does not say in which zone somebody is');
    return parsed.output.user.tz;
  };
}
