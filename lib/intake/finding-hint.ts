import * as v from 'valibot';
import { InvalidEvent } from '../errors.ts';
import type { Image } from '../image/reference.ts';
import { DigestField, type Envelope, parseWith, RepositoryField } from './envelope.ts';
import type { FindingHint } from './event.ts';

// https://docs.aws.amazon.com/inspector/latest/user/eventbridge-integration.html; resources of other clouds and kinds
// have the same detail-type. https://docs.aws.amazon.com/inspector/v2/APIReference/API_Resource.html
const Detail = v.object({
  resources: v.pipe(v.array(v.object({ type: v.string(), id: v.string() })), v.maxLength(100)),
});
const ImageName = v.object({ repository: RepositoryField, digest: DigestField });

/** `Inspector2 Finding` → which images to look at again; throws InvalidEvent when it names none. */
export function parseFindingHint({ id, time, account, region, detail }: Envelope): FindingHint {
  const { resources } = parseWith(Detail, detail, 'detail');
  const images = resources
    .filter(({ type }) => type === 'AWS_ECR_CONTAINER_IMAGE')
    .map((resource): Image => {
      const { repository, digest } = parseWith(ImageName, partsOf(resource.id), 'detail.resources.id');
      return { repository: { account, region, ...repository }, digest };
    });
  if (images.length === 0) throw new InvalidEvent('detail.resources: no image of ECR is among them');
  return { kind: 'finding-hint', eventId: id, at: time, images };
}

/** `arn:aws:ecr:<region>:<account>:repository/<name>/sha256:<hex>`; names have slashes, digests have none. */
function partsOf(arn: string): { readonly repository: string; readonly digest: string } {
  const slash = arn.lastIndexOf('/');
  return { repository: arn.slice(0, Math.max(0, slash)), digest: arn.slice(slash + 1) };
}
