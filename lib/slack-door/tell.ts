import type { CallSlack } from '../sinks/slack/web-api.ts';
import type { Press } from './pressed.ts';
import { toReply } from './reply.ts';

/** Says something to who pressed, and to nobody else: lost when Slack does not take it. */
export async function tellAlone(
  { channel, user }: Pick<Press, 'channel' | 'user'>,
  lines: readonly string[],
  call: CallSlack,
): Promise<void> {
  const { text, blocks } = toReply({ lines });
  await call('chat.postEphemeral', { channel: channel.id, user: user.id, text, blocks });
}
