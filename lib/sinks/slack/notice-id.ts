import { repositoryKey } from '../../image/reference.ts';
import type { Notice } from '../../policy/notice.ts';
import { fingerprint } from '../../scan/compare.ts';

/** The type of the metadata by which we find our own messages. */
const EVENT_TYPE = 'scan_response_notice';

/** The same for every try of one notice, and for no other: what its item in the ledger is named by. */
export function noticeId({ subject: { image }, key }: Notice): string {
  return fingerprint([`${repositoryKey(image.repository)}@${image.digest}`, key]);
}

/**
 * What a message says of itself that nobody sees: which notices are in it. One text, since Slack takes flat values
 * only. Source: https://docs.slack.dev/messaging/message-metadata
 */
export function metadataOf(notices: readonly Notice[]) {
  return { event_type: EVENT_TYPE, event_payload: { key: notices.map(noticeId).join(' ') } };
}

/** The ids in the metadata of a message that was read back; none in a message of somebody else. */
export function idsIn(metadata: unknown): readonly string[] {
  const { event_type: type, event_payload: payload } = Object(metadata);
  const { key } = Object(payload);
  return type === EVENT_TYPE && typeof key === 'string' ? key.split(' ') : [];
}
