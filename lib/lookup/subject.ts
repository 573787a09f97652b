import { BadReference } from '../errors.ts';
import { parseReference, type Reference } from '../image/reference.ts';

/** One thing that a text may mean. */
export type Subject =
  | { readonly kind: 'reference'; readonly reference: Reference }
  /** A digest by its first 8 to 64 hex characters; in any repository when none is named. */
  | { readonly kind: 'digest'; readonly hex: string; readonly within?: Reference }
  /** 4 to 64 hex characters. */
  | { readonly kind: 'commit'; readonly hex: string }
  | { readonly kind: 'service'; readonly name: string }
  | { readonly kind: 'cve'; readonly id: string };

const ADVISORY = /^(?:CVE-\d{4}-\d{4,10}|GHSA(?:-[0-9a-z]{4}){3})$/i;
const DIGEST = /^(?:([^@]+)@)?sha256:([0-9a-f]{8,64})$/;
const HEX = /^[0-9a-f]{4,64}$/i;
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html (serviceName)
const SERVICE = /^[A-Za-z0-9_-]{1,255}\/[A-Za-z0-9_-]{1,255}$/;
/** A whole SHA-1 is a commit; nobody cuts a digest there. */
const WHOLE_SHA1 = 40;

/**
 * Everything that a text can mean, by its form alone: `deadbeef` is a commit, a digest and a repository, `a/b` a
 * service and a repository. Whoever asks looks all of them up. Throws BadReference when it can mean nothing.
 */
export function subjectsIn(text: string): readonly Subject[] {
  if (ADVISORY.test(text)) return [{ kind: 'cve', id: text.replace(/^cve/i, 'CVE') }];
  const digest = digestIn(text);
  if (digest) return [digest];
  const short = HEX.test(text) ? hexSubjects(text.toLowerCase()) : [];
  const service = SERVICE.test(text) ? [{ kind: 'service' as const, name: text }] : [];
  const others = [...short, ...service];
  return [...others, ...referenceIn(text, others.length > 0)];
}

/** A digest in no repository, or cut in one; whole and in a repository it is a reference. */
function digestIn(text: string): Subject | undefined {
  const [, within, hex] = DIGEST.exec(text) ?? [];
  if (hex && !within) return { kind: 'digest', hex };
  if (hex && within && hex.length < 64) return { kind: 'digest', hex, within: parseReference(within) };
  if (text.startsWith('sha256:'))
    throw new BadReference('of a digest say sha256: and 8 to 64 hex characters');
  return undefined;
}

function hexSubjects(hex: string): readonly Subject[] {
  const isDigest = hex.length >= 8 && hex.length !== WHOLE_SHA1;
  return [{ kind: 'commit', hex }, ...(isDigest ? [{ kind: 'digest' as const, hex }] : [])];
}

function referenceIn(text: string, isSomethingElse: boolean): readonly Subject[] {
  try {
    return [{ kind: 'reference', reference: parseReference(text) }];
  } catch (error) {
    if (isSomethingElse && error instanceof BadReference) return [];
    throw error;
  }
}
