import { formatRepoUrl } from '../image/repo-url.ts';
import { raw } from '../image/untrusted.ts';
import { type Checkout, isDirty } from './checkout.ts';
import { versionsOf } from './tags.ts';

export type Labels = Readonly<Record<string, string>>;

/**
 * The OCI labels of an image that is built from a checkout; `createdAt` is RFC 3339. What git does not know is
 * empty and not left out: labels are inherited, and those of a base image are about another source.
 * Source: https://github.com/opencontainers/image-spec/blob/main/annotations.md
 */
export function labelsOf(checkout: Checkout, createdAt: string): Labels {
  const { commit, source } = checkout;
  const [version = ''] = versionsOf(checkout);
  return {
    'org.opencontainers.image.revision': `${commit}${isDirty(checkout) ? '-dirty' : ''}`,
    // Made of checked parts: no name, password or query is left of what the remote was.
    'org.opencontainers.image.source': source ? raw(formatRepoUrl(source)) : '',
    'org.opencontainers.image.version': version,
    'org.opencontainers.image.created': createdAt,
  };
}
