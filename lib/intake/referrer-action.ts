import { parseImageAction } from './ecr-image-action.ts';
import type { Envelope } from './envelope.ts';
import type { ImageAction } from './event.ts';

/**
 * `ECR Referrer Action` → ImageAction of an artifact; throws InvalidEvent. It has the fields of `ECR Image Action`, and
 * is about what hangs on to an image: a signature, an attestation, a bill of materials. AWS shows it for archiving
 * only; should it come for pushes too, it is taken.
 */
export function parseReferrerAction(envelope: Envelope): ImageAction {
  return { ...parseImageAction(envelope), imageKind: 'artifact' };
}
