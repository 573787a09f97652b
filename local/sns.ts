import { randomUUID } from 'node:crypto';
import { type Endpoint, type LocalRequest, type LocalResponse, serve } from './http.ts';
import { readObject } from './json-body.ts';
import { type Scripted, scripted } from './reply-script.ts';

interface PublishedMessage {
  readonly topicArn: string;
  readonly subject?: string;
  readonly message: string;
  readonly attributes: Readonly<Record<string, { readonly type: string; readonly value: string }>>;
}

export interface SnsServer extends Endpoint, Scripted {
  readonly published: readonly PublishedMessage[];
}

/** Serves SNS's Publish and keeps what was published; with `topics`, any other topic is not found. */
export async function startSns({
  topics,
}: {
  readonly topics?: ReadonlySet<string>;
} = {}): Promise<SnsServer> {
  const published: PublishedMessage[] = [];
  const script = scripted(({ body }: LocalRequest) => {
    const form = new URLSearchParams(body);
    if (form.get('Action') !== 'Publish')
      return snsFault('InvalidAction', `not embedded: ${form.get('Action')}`);
    const message = readMessage(form);
    if (topics && !topics.has(message.topicArn)) return snsFault('NotFound', 'Topic does not exist', 404);
    const complaint = complainAbout(message, form.get('MessageStructure'));
    if (complaint) return snsFault('InvalidParameter', `Invalid parameter: ${complaint}`);
    published.push(message);
    const result = `<PublishResult><MessageId>${randomUUID()}</MessageId></PublishResult>`;
    return xml(200, `<PublishResponse>${result}</PublishResponse>`);
  });
  return { ...(await serve(script.respond)), plan: script.plan, published };
}

/** An SNS error reply, to answer with or to plan: `plan(snsFault('Throttled', 'Rate exceeded', 429))`. */
export function snsFault(code: string, message: string, status = 400): LocalResponse {
  const type = status < 500 ? 'Sender' : 'Receiver';
  const error = `<Type>${type}</Type><Code>${code}</Code><Message>${escapeXml(message)}</Message>`;
  return xml(status, `<ErrorResponse><Error>${error}</Error></ErrorResponse>`);
}

/** Source: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */
function readMessage(form: URLSearchParams): PublishedMessage {
  const attributes: Record<string, { type: string; value: string }> = {};
  for (let n = 1; form.has(`MessageAttributes.entry.${n}.Name`); n++) {
    const entry = (field: string) => form.get(`MessageAttributes.entry.${n}.${field}`) ?? '';
    const value = entry('Value.StringValue') || entry('Value.BinaryValue');
    attributes[entry('Name')] = { type: entry('Value.DataType'), value };
  }
  const subject = form.get('Subject');
  return {
    topicArn: form.get('TopicArn') ?? '',
    ...(subject !== null && { subject }),
    message: form.get('Message') ?? '',
    attributes,
  };
}

/** What SNS refuses. Source: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
function complainAbout(published: PublishedMessage, structure: string | null): string | undefined {
  const { subject, message, attributes } = published;
  if (message === '') return 'Empty message';
  if (sizeBytes(published) > 256 * 1024) return 'Message too long';
  if (subject !== undefined && !isSubject(subject)) return 'Subject';
  if (structure === 'json' && typeof readObject(message)?.default !== 'string')
    return 'Message Structure - No default entry in JSON message body';
  const bad = Object.entries(attributes).find(([, attribute]) => !isAttribute(attribute));
  return bad && `MessageAttributes '${bad[0]}' is empty or not of its type`;
}

/** Body and attributes (name, type and value) count together. */
function sizeBytes({ message, attributes }: PublishedMessage): number {
  const parts = Object.entries(attributes).flatMap(([name, { type, value }]) => [name, type, value]);
  return [message, ...parts].reduce((sum, part) => sum + Buffer.byteLength(part), 0);
}

function isSubject(subject: string): boolean {
  return /^\P{Cc}{1,99}$/u.test(subject) && !/[\u2028\u2029]/.test(subject);
}

function isAttribute({ type, value }: { readonly type: string; readonly value: string }): boolean {
  return value !== '' && type !== '' && !(type === 'Number' && !Number.isFinite(Number(value)));
}

function xml(status: number, body: string): LocalResponse {
  return { status, headers: { 'content-type': 'text/xml' }, body };
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
