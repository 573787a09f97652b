import type { SinkMessage } from '../delivery/delivery.ts';
import { parseOrder } from '../delivery/wire.ts';
import { BadReference, InvalidEvent } from '../errors.ts';
import type { Image } from '../image/reference.ts';
import type { ImageAction, IntakeEvent } from '../intake/event.ts';
import { parseEvent } from '../intake/parse.ts';
import type { Announced } from '../scan/announced.ts';

/** What somebody wants to see the messages of. */
export type Asked =
  /** It was decided already: a message of a sink's queue. */
  | { readonly kind: 'order'; readonly delivery: SinkMessage }
  | ToLookAt
  /** Of this nobody hears. */
  | { readonly kind: 'quiet'; readonly says: string };

/** Images whose scans are read now. */
export interface ToLookAt {
  readonly kind: 'images';
  readonly images: readonly Image[];
  readonly announced?: Announced;
  readonly isOverdue?: boolean;
  readonly says?: string;
}

export const ACCEPTS =
  'preview takes a message of a sink’s queue or of its dead letters, an event as EventBridge sends it (ECR Image Scan, Inspector2 Scan, Inspector2 Finding), or an image as demo-api:latest';

/**
 * Reads a message of a queue of ours, or what `aws sqs receive-message` printed of some. Throws BadReference with what
 * is taken.
 */
export function asksIn(text: string): readonly Asked[] {
  return bodiesIn(text).map((body) => {
    try {
      return askIn(body);
    } catch (error) {
      if (!(error instanceof InvalidEvent)) throw error;
      throw new BadReference(`${error.message}. ${ACCEPTS}`);
    }
  });
}

function askIn(body: string): Asked {
  const value = objectIn(body);
  if ('delivery' in value) return { kind: 'order', delivery: parseOrder(body).delivery };
  if ('detail-type' in value) return askOf(parseEvent(body));
  throw new InvalidEvent('this is neither a delivery nor an event');
}

function askOf(event: IntakeEvent): Asked {
  switch (event.kind) {
    case 'scan-hint': {
      const { image, announced, isOverdue = false, isRetag } = event;
      const says = isRetag && { says: RETAGGED };
      return { kind: 'images', images: [image], ...(announced && { announced }), isOverdue, ...says };
    }
    case 'finding-hint':
      return { kind: 'images', images: event.images, says: GATHERED };
    case 'image-action':
      return { kind: 'quiet', says: saysOfAction(event) };
    default:
      return { kind: 'quiet', says: QUIET[event.kind] };
  }
}

const GATHERED =
  'findings are gathered before the scan is read again, once for all: this is what it says now';

const RETAGGED = 'a tag moved to it: a scan that cannot be read yet is left to the event of its own';

const IN_LOOKUPS = 'makes no message: it is recorded for look-ups, and messages say what runs';
const QUIET = {
  'documents-hint': 'a hint about documents makes no message: what they say of the commit is recorded',
  'task-change': `a task of ECS ${IN_LOOKUPS}`,
  'rollout-change': `a deployment of ECS ${IN_LOOKUPS}`,
} as const;

function saysOfAction({ repository, digest, action }: ImageAction): string {
  if (action !== 'push') return `no message tells of this (${action}): it is recorded in the lineage`;
  const hint = digest ? `: scan-response preview ${repository.name}@${digest}` : '';
  return `a push makes no message: its scan does, so ask for the image${hint}`;
}

/** SQS's own words for a message, those of a function's event, or the message itself. */
function bodiesIn(text: string): readonly string[] {
  const { Messages, Records, ...message } = objectIn(text);
  const messages: readonly unknown[] = [Messages, Records].find(Array.isArray) ?? [message];
  const bodies = messages.map((it) => Object(it).Body ?? Object(it).body);
  const isWrapped = bodies.length > 0 && bodies.every((it) => typeof it === 'string');
  return isWrapped ? bodies : [text];
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text));
  } catch {
    throw new BadReference(`this is not JSON. ${ACCEPTS}`);
  }
}
