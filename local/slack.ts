import { type Endpoint, type LocalRequest, type LocalResponse, serve } from './http.ts';
import { readObject } from './json-body.ts';
import { type PlannedReply, type Scripted, scripted } from './reply-script.ts';
import { aWorkspace, type SlackWorkspace, slackApi } from './slack-api.ts';

interface Text {
  readonly type: string;
  readonly text: string;
}

interface Block {
  readonly type: string;
  readonly text?: Text;
  readonly fields?: readonly Text[];
  readonly elements?: readonly unknown[];
}

interface SlackMessage {
  readonly text?: string;
  readonly blocks?: readonly Block[];
  readonly [field: string]: unknown;
}

export interface SlackServer extends Endpoint, Scripted {
  readonly webhookUrl: string;
  /** What a bot token sees. */
  readonly workspace: SlackWorkspace;
  readonly messages: readonly { readonly arrivedAt: Date; readonly message: SlackMessage }[];
}

const webhookPath = '/services/T000/B000/XXX';

/**
 * Serves one incoming webhook, and the Web API below `/api/`, and keeps the messages that channels would show.
 * Source: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 */
export async function startSlack(): Promise<SlackServer> {
  const messages: { arrivedAt: Date; message: SlackMessage }[] = [];
  const workspace = aWorkspace();
  const api = slackApi(workspace, (message) => refuse(message));
  const script = scripted((request: LocalRequest) => {
    const { method, path, body } = request;
    if (path.startsWith('/api/')) return api(request);
    if (method !== 'POST' || path !== webhookPath) return answer(404, 'no_service');
    const message: SlackMessage | undefined = readObject(body);
    const refusal = refuse(message);
    if (!message || refusal) return answer(400, refusal ?? 'invalid_payload');
    messages.push({ arrivedAt: new Date(), message });
    return answer(200, 'ok');
  });
  const endpoint = await serve(script.respond);
  return { ...endpoint, plan: script.plan, workspace, messages, webhookUrl: endpoint.url + webhookPath };
}

/** What Slack says to more than about one message a second. */
export function rateLimited(retryAfterSeconds: number): PlannedReply {
  return { ...answer(429, 'rate_limited'), headers: { 'retry-after': String(retryAfterSeconds) } };
}

function refuse(message: SlackMessage | undefined): string | undefined {
  if (!message) return 'invalid_payload';
  if (!message.text && !message.blocks?.length) return 'no_text';
  return areBlocks(message.blocks ?? []) ? undefined : 'invalid_blocks';
}

/** The blocks this service uses; one that is missing here is refused, so add it with its limits. */
const isBlock: Readonly<Record<string, (block: Block) => boolean>> = {
  header: ({ text }) => text?.type === 'plain_text' && isText(text, 150),
  section: ({ text, fields = [] }) =>
    (text !== undefined || fields.length > 0) &&
    (text === undefined || isText(text, 3000)) &&
    fields.length <= 10 &&
    fields.every((field) => isText(field, 2000)),
  context: ({ elements = [] }) => elements.length >= 1 && elements.length <= 10,
  actions: ({ elements = [] }) => elements.length >= 1 && elements.length <= 25,
  divider: () => true,
  rich_text: ({ elements = [] }) => elements.length >= 1 && elements.every(isRichText),
};

/** Source: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block */
function isRichText(element: unknown): boolean {
  const { type, elements } = Object(element);
  return (
    /^rich_text_(section|list|quote|preformatted)$/.test(type) &&
    Array.isArray(elements) &&
    elements.length > 0
  );
}

/** Slack's limits. Source: https://docs.slack.dev/reference/block-kit/blocks */
function areBlocks(blocks: unknown): boolean {
  if (!Array.isArray(blocks) || blocks.length > 50) return false;
  return blocks.every((block) => isBlock[block?.type]?.(block) ?? false);
}

function isText(text: Text, maxLength: number): boolean {
  return typeof text.text === 'string' && text.text.length >= 1 && text.text.length <= maxLength;
}

function answer(status: number, body: string): LocalResponse {
  return { status, headers: { 'content-type': 'text/plain' }, body };
}
