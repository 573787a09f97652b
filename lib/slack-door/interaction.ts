import { type AcknowledgePorts, acknowledgeNotice } from './acknowledge.ts';
import { readForm } from './form.ts';
import { type FormReply, type IgnorePorts, openIgnore, sendIgnore } from './ignore.ts';
import { readPayload } from './pressed.ts';

/** What buttons and forms need. */
export interface InteractionPorts extends AcknowledgePorts, IgnorePorts {}

/** Does what somebody pressed, and gives what Slack is to show; undefined for what none of ours can send. */
export async function answerInteraction(
  body: Buffer,
  ports: InteractionPorts,
): Promise<FormReply | 'done' | undefined> {
  const payload = readPayload(readForm(body)?.get('payload') ?? '');
  if (!payload) return undefined;
  if (payload.type === 'view_submission') return sendIgnore(payload, ports);
  const isIgnore = payload.actions[0]?.action_id === 'ignore';
  await (isIgnore ? openIgnore(payload, ports) : acknowledgeNotice(payload, ports));
  return 'done';
}
