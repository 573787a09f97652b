import { type Answer, ask } from '../ask/ask.ts';
import { refuse } from '../ask/refusal.ts';
import type { Tools } from '../cli/command.ts';
import { BadReference } from '../errors.ts';
import { type Cursor, cursorAfter, decodeCursor, type Entry, encodeCursor, withoutShown } from './cursor.ts';

/** An answer, and the query of the one that goes on where it ends. */
export interface Page {
  readonly answer: Answer;
  readonly next?: string;
}

/** The one question whose answer has no end: a tag may have moved thousands of times. */
export const PAGED = 'history';
export const PAGE = { usual: 20, most: 500 } as const;

/** The document of a history, as far as pages are made of it. */
interface Listed {
  readonly entries: readonly Entry[];
  readonly images?: readonly { readonly digest: string }[];
}

/**
 * Asks a command, a history page by page: the pages one after the other have the entries of the whole, once each, also
 * when the tag moves meanwhile. Undefined when no command of this name answers; never throws.
 */
export async function askPage(
  question: string,
  parameters: URLSearchParams,
  tools: Tools,
  tz?: string,
): Promise<Page | undefined> {
  if (question !== PAGED) {
    const answer = await ask(question, parameters, tools);
    return answer && { answer };
  }
  try {
    return await historyPage(parameters, tools, tz);
  } catch (error) {
    return { answer: refuse((error as Error).message) };
  }
}

async function historyPage(
  parameters: URLSearchParams,
  tools: Tools,
  tz: string | undefined,
): Promise<Page | undefined> {
  const limit = limitOf(parameters);
  const cursor = cursorOf(parameters);
  const asked = new URLSearchParams(parameters);
  asked.delete('cursor');
  if (cursor) asked.set('at', cursor.at);
  // One more than the page has says whether there is another page.
  asked.set('limit', `${limit + (cursor?.shown.length ?? 0) + 1}`);
  const answer = await ask(PAGED, asked, tools);
  if (answer?.status !== 200) return answer && { answer };
  const document = answer.document as unknown as Listed;
  const left = cursor ? withoutShown(document.entries, cursor) : document.entries;
  const entries = left.slice(0, limit);
  const after = left.length > limit ? cursorAfter(entries, cursor) : undefined;
  return {
    answer: { ...answer, document: { ...answer.document, ...within(document, entries) } },
    ...(after && { next: nextQuery(parameters, after, tz) }),
  };
}

function limitOf(parameters: URLSearchParams): number {
  const [text = `${PAGE.usual}`, ...more] = parameters.getAll('limit');
  if (more.length > 0) throw new BadReference('"limit" is there twice');
  const limit = /^[1-9]\d{0,2}$/.test(text) ? Number(text) : Number.POSITIVE_INFINITY;
  if (limit > PAGE.most) throw new BadReference(`"limit" takes a number from 1 to ${PAGE.most}`);
  return limit;
}

function cursorOf(parameters: URLSearchParams): Cursor | undefined {
  const [text, ...more] = parameters.getAll('cursor');
  if (text === undefined) return undefined;
  if (more.length > 0) throw new BadReference('"cursor" is there twice');
  if (parameters.has('at') || parameters.has('fold'))
    throw new BadReference('"cursor" says from when; leave "at" and "fold" out');
  return decodeCursor(text);
}

/** The images of the entries alone, where there are any. */
function within({ images }: Listed, entries: readonly Entry[]) {
  const digests = new Set(entries.map(({ digest }) => digest));
  return { entries, ...(images && { images: images.filter(({ digest }) => digests.has(digest)) }) };
}

function nextQuery(parameters: URLSearchParams, after: Cursor, tz: string | undefined): string {
  const next = new URLSearchParams(parameters);
  for (const key of ['at', 'fold']) next.delete(key);
  if (tz !== undefined) next.set('tz', tz);
  next.set('cursor', encodeCursor(after));
  // In order, and a blank as %20: whoever signs the address as it stands signs what AWS reads.
  next.sort();
  return next.toString().replaceAll('+', '%20');
}
