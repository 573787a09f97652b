import type { Evidence } from '../image/evidence.ts';
import { type Provenance, provenanceOf } from '../image/provenance.ts';
import type { Tag } from '../image/reference.ts';
import type { Notice, Subject } from '../policy/notice.ts';
import type { SinkMessage } from './delivery.ts';
import { fromWireReason, toWireReason } from './wire-reason.ts';

/** Evidence as earlier code writes and reads it: tags were all there was. */
type TagEvidence = Omit<Evidence, 'source'> & { readonly tag: Tag };

interface TagProvenance {
  readonly best: TagEvidence;
  readonly conflicts: readonly TagEvidence[];
}

/** A subject on the wire: `provenance` as earlier code knows it, and the whole of it where that is more. */
type WireSubject = Omit<Subject, 'provenance'> & {
  readonly provenance?: TagProvenance;
  readonly lineage?: Provenance;
};

/**
 * A delivery in the form that earlier code reads: while one release takes the place of another, each sends what the
 * other has queued. What only this code has words for stands beside it.
 */
export function toWireForm(delivery: SinkMessage): unknown {
  if (delivery.kind !== 'notice') return delivery;
  return { ...delivery, ...toWireReason(delivery.reason), subject: toWireSubject(delivery.subject) };
}

/** The delivery as this code knows it, whichever wrote it. */
export function fromWireForm(delivery: SinkMessage): SinkMessage {
  if (delivery.kind !== 'notice' || Object(delivery.subject) !== delivery.subject) return delivery;
  const { because, ...notice } = delivery as Notice & { readonly because?: string };
  const { lineage, provenance: ofTags, ...subject } = delivery.subject as unknown as WireSubject;
  const provenance = lineage ?? fromTagForm(ofTags);
  return {
    ...notice,
    reason: fromWireReason(notice.reason, because),
    subject: { ...subject, ...(provenance && { provenance }) },
  };
}

function toWireSubject(whole: Subject): unknown {
  const { provenance: lineage, ...subject } = whole;
  if (!lineage) return whole;
  const known = toTagForm(lineage);
  const ofTags = known ? undefined : provenanceOf(subject.tags);
  const provenance = known ?? (ofTags && toTagForm(ofTags));
  return { ...subject, ...(provenance && { provenance }), ...(!known && { lineage }) };
}

/** Undefined when anything else than a tag has a say in it. */
function toTagForm({ best, conflicts }: Provenance): TagProvenance | undefined {
  const [first, ...others] = [best, ...conflicts].map(({ source, ...rest }) =>
    source.from === 'tag' ? { ...rest, tag: source.tag } : undefined,
  );
  const isWhole = first && others.every((it) => it !== undefined);
  return isWhole ? { best: first, conflicts: others } : undefined;
}

function fromTagForm(ofTags: TagProvenance | undefined): Provenance | undefined {
  if (!ofTags?.best || !Array.isArray(ofTags.conflicts)) return undefined;
  return { best: toEvidence(ofTags.best), conflicts: ofTags.conflicts.map(toEvidence) };
}

function toEvidence({ tag, ...rest }: TagEvidence): Evidence {
  return { source: { from: 'tag', tag }, ...rest };
}
