import type { ImageDocuments } from './documents.ts';

/** A part of an image's documents that could not be read. */
export interface Unread {
  /** In our own words: never an address of a blob, never text from a document. */
  readonly why: string;
  /** Whether trying again later may help. */
  readonly mayPass: boolean;
}

/** What reading the documents of an image came to: whatever could not be read is missing from them. */
export type DocumentsReading =
  | { readonly state: 'gone' }
  | { readonly state: 'unread'; readonly unread: readonly Unread[] }
  | { readonly state: 'read'; readonly documents: ImageDocuments; readonly unread: readonly Unread[] };
