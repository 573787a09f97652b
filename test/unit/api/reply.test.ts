import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cursorAfter,
  decodeCursor,
  type Entry,
  encodeCursor,
  withoutShown,
} from '../../../lib/api/cursor.ts';
import { replyTo } from '../../../lib/api/reply.ts';
import { BadReference } from '../../../lib/errors.ts';
import { aDigest, at } from '../../build/lineage.ts';

const answerOf = (document: Readonly<Record<string, unknown>>) => ({
  answer: { status: 200, document, lines: [] },
});

describe('a reply', () => {
  test('that Lambda would not hand on is refused in words, without an ETag', () => {
    const { statusCode, headers, body } = replyTo(answerOf({ all: 'ж'.repeat(1_000_000) }), {
      question: 'who',
    });
    expect([statusCode, headers.etag, JSON.parse(body).kind]).toEqual([400, undefined, 'usage']);
    expect(replyTo(answerOf({ all: 'ж'.repeat(900_000) }), { question: 'who' }).statusCode).toBe(200);
  });

  test.each(['"other"', 'W/"other"', '', 'x', '"*"'])('that is not known by %j is sent', (ifNoneMatch) => {
    expect(replyTo(answerOf({ a: 1 }), { question: 'who', ifNoneMatch }).statusCode).toBe(200);
  });

  test('has an ETag of its whole document', () => {
    const etags = [{ a: 1 }, { a: 2 }, { a: 1 }].map(
      (document) => replyTo(answerOf(document), { question: 'who' }).headers.etag,
    );
    expect(etags[0]).toBe(etags[2]);
    expect(etags[0]).not.toBe(etags[1]);
  });
});

describe('a cursor', () => {
  const entry = fc.record({
    op: fc.constantFrom('push', 'delete'),
    at: fc.constantFrom(at('01:00'), at('02:00'), at('03:00')),
    digest: fc.constantFrom(...['a', 'b', 'c'].map(aDigest)),
  });
  const newestFirst = (entries: readonly Entry[]) => entries.toSorted((a, b) => (a.at < b.at ? 1 : -1));

  test('comes back as it was, and leaves out what was shown and nothing else', () => {
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 12 }), fc.nat(), (unsorted, where) => {
        const all = newestFirst(unsorted);
        const shown = all.slice(0, (where % all.length) + 1);
        const cursor = cursorAfter(shown, undefined);
        if (!cursor) throw new Error('a page with entries has a cursor');
        expect(decodeCursor(encodeCursor(cursor))).toEqual(cursor);
        const asked = all.filter((it) => it.at <= cursor.at);
        const ofMoment = (entries: readonly Entry[]) => entries.map((it) => JSON.stringify(it)).sort();
        expect(ofMoment(withoutShown(asked, cursor))).toEqual(ofMoment(all.slice(shown.length)));
      }),
    );
  });

  test('that nobody of us made is refused', () => {
    const texts = fc.oneof(
      fc.string({ maxLength: 60 }),
      fc.string({ maxLength: 60 }).map((it) => Buffer.from(it).toString('base64url')),
      fc.constantFrom('', 'A'.repeat(5000), Buffer.from(`${at('01:00')}`).toString('base64url')),
      fc
        .constantFrom('2026-02-30T01:00:00.000Z p', 'yesterday p')
        .map((it) => Buffer.from(it).toString('base64url')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(() => decodeCursor(text)).toThrow(BadReference);
      }),
    );
  });
});
