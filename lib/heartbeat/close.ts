import type { Digest } from '../image/digest.ts';
import type { RegisteredImage } from '../image/record.ts';
import type { Image, Repository } from '../image/reference.ts';
import type { TagName } from '../image/tag-event.ts';
import { type Instant, toInstant } from '../instant.ts';
import type { ImageAction } from '../intake/event.ts';
import { NEWEST_PUSH } from '../policy/policy.ts';
import type { Shown } from '../policy/shown.ts';
import { together } from '../together.ts';

/** A reference that is open, and the image whose scan said so. */
interface OpenReference {
  readonly reference: string;
  readonly digest: Digest;
  readonly shown: Shown;
}

/** What closing needs from outside. */
export interface ClosingPorts {
  readonly now: () => Date;
  readonly listOpen: (repository: Repository) => Promise<readonly OpenReference[]>;
  readonly findImage: (image: Image) => Promise<RegisteredImage | undefined>;
  /** The digest that a tag points to by its history; undefined when it was deleted or is not known. */
  readonly loadHead: (name: TagName) => Promise<Digest | undefined>;
  readonly closeShown: (repository: Repository, open: OpenReference, at: Instant) => Promise<void>;
}

/**
 * Closes what a deletion leaves without an image, so that its gauges go to zero; returns the references. The event is
 * a hint: ECR is asked what is still there. A tag that has moved on stays open until its new image is scanned, since
 * not scanned is not clean. Run it after the tag's history is written. Idempotent.
 */
export async function closeDeleted(event: ImageAction, ports: ClosingPorts): Promise<readonly string[]> {
  const { action, repository, digest, tag } = event;
  if (action !== 'delete') return [];
  const touched = (await ports.listOpen(repository)).filter((it) =>
    digest ? it.digest === digest : it.reference === tag,
  );
  const closing = await together(
    touched.map(async (open) => ((await isGone(repository, open, ports)) ? [open] : [])),
  );
  const at = toInstant(ports.now());
  await together(closing.flat().map((open) => ports.closeShown(repository, open, at)));
  return closing.flat().map(({ reference }) => reference);
}

/** True when nothing has this name any more. */
async function isGone(
  repository: Repository,
  { reference, digest }: OpenReference,
  ports: ClosingPorts,
): Promise<boolean> {
  const registered = await ports.findImage({ repository, digest });
  if (reference === NEWEST_PUSH) return !registered;
  if (registered?.tags.some((it) => it === reference)) return false;
  const head = await ports.loadHead({ repository, tag: reference as TagName['tag'] });
  return head === undefined || head === digest;
}
