import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { type SnsMessage, snsMessage } from '../../../lib/sinks/sns/message.ts';
import { strings, taintComplaints, textComplaints } from '../rules.ts';
import { output } from './output.ts';

const MAX_BYTES = 256 * 1024;
const isNotice = formats
  .default(new Ajv2020())
  .compile(JSON.parse(readFileSync('docs/notice.schema.json', 'utf8')));

export const snsOutput = output(
  'SNS message',
  ({ notice, possibleRepeat }) => snsMessage(notice, { possibleRepeat }),
  (it) => {
    const body = JSON.parse(it.Message);
    return [
      ...envelopeComplaints(it),
      ...(isNotice(body) ? [] : ['a body that is not by the schema']),
      ...strings(body).flatMap((text) => textComplaints(text)),
    ];
  },
);

/** What SNS and the queues behind it take. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
function envelopeComplaints({ Subject = 'x', Message, MessageAttributes }: Partial<SnsMessage>): string[] {
  const attributes = Object.entries(MessageAttributes ?? {});
  const parts = attributes.flatMap(([name, it]) => [name, it.DataType ?? '', it.StringValue ?? '']);
  const bytes = [Message ?? '', ...parts].reduce((sum, part) => sum + Buffer.byteLength(part), 0);
  return [
    ...(/^[!-~][ -~]{0,98}$/.test(Subject) ? [] : ['a subject that is no line of 99 ASCII characters']),
    ...taintComplaints('the subject', Subject),
    ...(attributes.length > 10 ? ['over 10 attributes'] : []),
    ...(parts.every((part) => /^[ -~]+$/.test(part)) ? [] : ['an attribute that is not plain']),
    ...(bytes > MAX_BYTES ? ['over 256 KiB'] : []),
    ...(/[\ufffe\uffff]/.test(Message ?? '') ? ['a character that SQS refuses'] : []),
    ...((Message ?? '').isWellFormed() ? [] : ['half of a character']),
  ];
}
