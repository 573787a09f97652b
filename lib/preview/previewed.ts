import { type Delivery, imageOf, isHeartbeat, type SinkMessage } from '../delivery/delivery.ts';
import type { Image } from '../image/reference.ts';
import type { NoticeReason, SilenceReason } from '../policy/notice.ts';
import type { OpenFindings } from '../policy/open-findings.ts';
import type { Policy } from '../policy/policy.ts';
import type { Foreseen } from './foresee.ts';

/** What comes, or would come, of one image, or of an event without one. */
export interface Previewed {
  /** The image that people know it by. */
  readonly image?: Image;
  readonly tags: readonly string[];
  /** `gauges`: numbers for Datadog and no word to anybody; `nothing`: not even those. */
  readonly outcome: 'notice' | 'silence' | 'gauges' | 'nothing';
  readonly reason?: NoticeReason | SilenceReason;
  readonly remark?: string;
  readonly waitsFor?: string;
  readonly policy?: Policy;
  /** What was open on its references before. */
  readonly before: readonly OpenFindings[];
  /** What is sent. */
  readonly messages: readonly SinkMessage[];
}

/** What a message of a queue is: it was decided before. */
export function ofOrder(delivery: SinkMessage): Previewed {
  if (isHeartbeat(delivery)) return { tags: [], outcome: 'gauges', before: [], messages: [delivery] };
  const { reason } = delivery;
  return {
    image: imageOf(delivery),
    tags: delivery.kind === 'notice' ? delivery.subject.tags : [],
    outcome: delivery.kind === 'notice' ? 'notice' : 'gauges',
    ...(reason && { reason }),
    before: [],
    messages: [delivery],
  };
}

/** One for each subject of the image that was looked at; where it is gone, one for itself. */
export function ofForeseen(image: Image, foreseen: Foreseen, remark?: string): readonly Previewed[] {
  const { answers, deliveries, before, policy, waitsFor } = foreseen;
  const all = { before, ...(policy && { policy }), ...(waitsFor && { waitsFor }), ...(remark && { remark }) };
  if (answers.length === 0)
    return [{ ...all, image, tags: [], outcome: 'silence', reason: 'gone', messages: [] }];
  return answers.map(({ subject, decision }) => ({
    ...all,
    ...{ image: subject.image, tags: subject.tags },
    ...{ outcome: decision.kind, reason: decision.reason },
    messages: deliveries.filter((it) => isAbout(it, subject.image)),
  }));
}

/** What comes of an event of which nobody hears. */
export function ofQuiet(remark: string): Previewed {
  return { tags: [], outcome: 'nothing', remark, before: [], messages: [] };
}

function isAbout(delivery: Delivery, { digest }: Image): boolean {
  return imageOf(delivery).digest === digest;
}
