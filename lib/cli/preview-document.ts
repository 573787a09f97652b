import type { Previewed } from '../preview/previewed.ts';
import type { Rendered } from '../preview/renderers.ts';
import { whyOf } from './preview-words.ts';

const SCHEMA = 'scan-response.preview/v1';

/** A preview with what each sink gets of it. */
export interface Shown {
  readonly previewed: Previewed;
  readonly rendered: readonly (Rendered & { readonly sink: string })[];
}

/** What a program reads: docs/schemas/preview.schema.json. */
export function previewDocument(
  shown: readonly Shown[],
  policySource: string | undefined,
): Readonly<Record<string, unknown>> {
  return { schema: SCHEMA, policySource: policySource ?? null, previews: shown.map(previewIn) };
}

/** The same where there is no such image. */
export function missingDocument(error: string): Readonly<Record<string, unknown>> {
  return { schema: SCHEMA, error };
}

function previewIn({ previewed, rendered }: Shown) {
  const { image, tags, outcome, reason, remark, waitsFor, policy, before } = previewed;
  return {
    image: image ?? null,
    ...{ tags, outcome, reason: reason ?? null, why: whyOf(previewed) ?? null },
    ...{ remark: remark ?? null, waitsFor: waitsFor ?? null },
    policy: policy
      ? {
          notifyAt: policy.notifyAt,
          onlyFixable: policy.onlyFixable ?? false,
          track: policy.trackedTags,
          ignoreRules: policy.ignore?.length ?? 0,
        }
      : null,
    before: before.map((it) => ({
      reference: it.reference,
      digest: it.digest,
      openCount: it.ids.length,
      readAt: it.readAt,
      toldAt: it.toldAt ?? null,
    })),
    messages: rendered.map(({ sink, form, to, payload }) => ({ sink, form, to: to ?? null, payload })),
  };
}
