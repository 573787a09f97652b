import { isHeartbeat, type SinkMessage, type SinkName } from '../delivery/delivery.ts';
import { paragraphsOf, plainLine } from '../picture/paragraphs.ts';
import { auditEvent } from '../sinks/datadog/audit-event.ts';
import { noticeEvent } from '../sinks/datadog/event.ts';
import { answeredSeries, gaugeSeries, heartbeatSeries } from '../sinks/datadog/series.ts';
import { slackMessage } from '../sinks/slack/message.ts';
import { chatMessage } from '../sinks/sns/chat-message.ts';
import { snsMessage } from '../sinks/sns/message.ts';

/** What one request to a sink would hold. */
export interface Rendered {
  /** What it is called there. */
  readonly form: 'message' | 'event' | 'gauges';
  /** Where it goes, when the policy says so. */
  readonly to?: string;
  /** What is sent, but for what the sender adds of its own: where to, and that Slack unfurls no link. */
  readonly payload: object;
  /** The same for people. */
  readonly lines: readonly string[];
}

/** Renders a message as one sink has it sent at that time; undefined where the sink gets nothing of it. */
type Renderer = (message: SinkMessage, now: Date) => Rendered | undefined;

/** How each sink says it, in the order in which people see it. Another sink is another line. */
export const RENDERERS: Readonly<Record<SinkName, Renderer>> = {
  slack: toSlack,
  sns: toSns,
  chat: toChat,
  datadog: toDatadog,
};

const FIRST_TRY = { possibleRepeat: false };

function toSlack(message: SinkMessage): Rendered | undefined {
  if (message.kind !== 'notice') return undefined;
  const payload = slackMessage(message, FIRST_TRY);
  const to = message.route?.slackChannel;
  const lines = payload.blocks.flatMap((block) => ['', ...paragraphsOf(block).map(plainLine)]).slice(1);
  return { form: 'message', ...(to && { to }), payload, lines };
}

function toSns(message: SinkMessage): Rendered | undefined {
  if (message.kind !== 'notice') return undefined;
  const payload = snsMessage(message, FIRST_TRY);
  const { Subject, MessageAttributes, Message } = payload;
  const attributes = Object.entries(MessageAttributes).map(([name, it]) => `${name}=${it.StringValue}`);
  const body = JSON.stringify(JSON.parse(Message), null, 2).split('\n');
  return { form: 'message', payload, lines: [Subject, attributes.join(' '), ...body] };
}

function toChat(message: SinkMessage): Rendered | undefined {
  if (message.kind !== 'notice') return undefined;
  const payload = chatMessage(message, FIRST_TRY);
  const { title, description, nextSteps } = JSON.parse(payload.Message ?? '').content;
  return { form: 'message', payload, lines: [title, ...description.split('\n'), ...nextSteps] };
}

function toDatadog(message: SinkMessage, now: Date): Rendered | undefined {
  if (message.kind === 'notice') return eventOf(noticeEvent(message, now));
  if (isHeartbeat(message) && message.news) return eventOf(auditEvent(message.news, message.deployment, now));
  const series = isHeartbeat(message)
    ? heartbeatSeries(message)
    : [...gaugeSeries(message, now), ...answeredSeries(message, now)];
  const lines = series.map(({ metric, tags = [], points }) => {
    const values = points.map(({ value }) => value).join(' ');
    return `${metric} ${values}  ${tags.join(' ')}`;
  });
  return { form: 'gauges', payload: { series }, lines };
}

function eventOf(event: ReturnType<typeof noticeEvent>): Rendered {
  const { title, text, tags = [] } = event;
  return {
    form: 'event',
    payload: asSent({ ...event }),
    lines: [title, ...text.split('\n'), tags.join(' ')],
  };
}

/** The client's names are not those of the API: `alertType` is sent as `alert_type`. */
function asSent(model: object): object {
  const named = Object.entries(model).map(([key, value]) => [
    key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    value,
  ]);
  return Object.fromEntries(named);
}
