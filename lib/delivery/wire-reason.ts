import type { NoticeReason } from '../policy/notice.ts';

/** The reasons that earlier code has words for. */
type EarlierReason = 'first-scan' | 'new-findings' | 'still-open' | 'resolved' | 'not-scanned';

const AS_EARLIER: Readonly<Record<NoticeReason, EarlierReason>> = {
  'first-scan': 'first-scan',
  'new-findings': 'new-findings',
  worse: 'new-findings',
  better: 'still-open',
  resolved: 'resolved',
  'not-scanned': 'not-scanned',
  'reminder-due': 'still-open',
};

/** The reason as earlier code reads it, and beside it the one that only this code knows. */
export function toWireReason(reason: NoticeReason): Record<string, string> {
  const earlier = AS_EARLIER[reason];
  return { reason: earlier, ...(earlier !== reason && { because: reason }) };
}

/** The reason of a message of either; what neither knows is told as something that is still open. */
export function fromWireReason(reason: string, because = reason): NoticeReason {
  return [because, reason].find(isReason) ?? 'reminder-due';
}

/** Of a text alone: an object would be asked for its name, and may have none. */
function isReason(text: unknown): text is NoticeReason {
  return typeof text === 'string' && Object.hasOwn(AS_EARLIER, text);
}
