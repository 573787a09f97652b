import * as v from 'valibot';
import { lenient, lenientList, lenientText, lenientTexts, readJson } from '../lenient.ts';

/** What somebody says about a thing: in-toto's statement, bare or out of an envelope. */
export interface Statement {
  readonly predicateType: string;
  /** The SHA-256 hashes, in hex, of what it is about. */
  readonly subjects: readonly string[];
  readonly predicate: unknown;
  /** It came in an envelope with signatures, which nobody here has verified. */
  readonly isEnveloped: boolean;
}

const MAX_CHARACTERS = 8 * 1024 * 1024;

const RawStatement = v.object({
  predicateType: v.string(),
  subject: lenientList(v.object({ digest: lenientTexts })),
  predicate: v.unknown(),
});

const Envelope = v.object({ payloadType: v.string(), payload: v.string() });

const Outer = v.object({
  predicateType: lenientText,
  payloadType: lenientText,
  payload: lenientText,
  dsseEnvelope: lenient(Envelope),
});

/**
 * Reads a statement: bare as BuildKit stores it, in a DSSE envelope, or in a Sigstore bundle. Undefined when the text
 * is none of them.
 * Sources: https://github.com/in-toto/attestation/tree/main/spec/v1,
 * https://github.com/secure-systems-lab/dsse/blob/master/envelope.md, https://docs.sigstore.dev/about/bundle/
 */
export function readStatement(text: string): Statement | undefined {
  const outer = readJson(Outer, text, MAX_CHARACTERS);
  if (!outer) return undefined;
  if (outer.predicateType !== undefined) return toStatement(text, false);
  const envelope = outer.dsseEnvelope ?? outer;
  if (!envelope.payload || !envelope.payloadType?.startsWith('application/vnd.in-toto')) return undefined;
  return toStatement(Buffer.from(envelope.payload, 'base64').toString('utf8'), true);
}

function toStatement(text: string, isEnveloped: boolean): Statement | undefined {
  const raw = readJson(RawStatement, text, MAX_CHARACTERS);
  if (!raw) return undefined;
  const { predicateType, subject, predicate } = raw;
  return {
    predicateType,
    subjects: subject.flatMap(({ digest }) => digest.get('sha256') ?? []),
    predicate,
    isEnveloped,
  };
}
