import { ask } from '../api.ts';
import type { RepositoriesDocument } from '../documents.ts';

/** What a page of the list adds. */
export type Page = Pick<RepositoriesDocument, 'repositories' | 'next'>;

/** Pages that are read without anybody asking for more: a thousand repositories. */
const PAGES = 20;

/** Reads the pages behind `next`, one after the other, and says what is on each. Returns why it could not go on. */
export async function readOn(
  next: string | undefined,
  onPage: (page: Page) => void,
  signal: AbortSignal,
): Promise<string | undefined> {
  let after = next;
  for (let read = 1; after !== undefined && read < PAGES && !signal.aborted; read += 1) {
    const said = await ask<RepositoriesDocument>('repositories', { after }, signal).catch(() => undefined);
    if (!said) return undefined;
    if (said.is !== 'found') return 'error' in said ? said.error : said.is;
    onPage(said.document);
    after = said.document.next;
  }
  return undefined;
}
