import type { DigestSink } from '../../delivery/fold.ts';
import type { ReadSecret } from '../../delivery/sink.ts';
import { botToken } from './secret-form.ts';

interface Forms {
  readonly readSecret: ReadSecret;
  readonly webhook: DigestSink;
  readonly bot: DigestSink;
}

/** Slack by whichever the secret is now, a webhook URL or a bot token: changing one for the other needs no redeploy. */
export function slackByForm({ readSecret, webhook, bot }: Forms): DigestSink {
  /** A secret that cannot be read is the webhook's trouble as well as the bot's: either refuses and comes back. */
  async function now(): Promise<DigestSink> {
    const secret = await readSecret().catch(() => undefined);
    return secret !== undefined && botToken(secret) ? bot : webhook;
  }
  return {
    name: 'slack',
    isForPeople: true,

    async isConfigured() {
      return Boolean(await readSecret());
    },

    warmUp: async () => (await now()).warmUp?.(),
    channelOf: async (notice) => (await now()).channelOf?.(notice) ?? '',
    send: async (delivery, context) => (await now()).send(delivery, context),
    sendDigest: async (entries, mark) => (await now()).sendDigest(entries, mark),
    look: async (delivery, sinceMs) =>
      (await now()).look?.(delivery, sinceMs) ?? { state: 'unclear', why: 'a webhook cannot be asked' },
  };
}
