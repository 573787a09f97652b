import type { DigestEntry } from '../../lib/delivery/fold.ts';
import { shortDigest } from '../../lib/image/digest.ts';
import { headline } from '../../lib/sinks/words.ts';

/** A notice that a reader finds in a message of many. */
export interface Told {
  readonly notice: DigestEntry['notice'];
  readonly isMarked: boolean;
}

interface Element {
  readonly type: string;
  readonly text?: string;
  readonly elements?: readonly Element[];
}

/** The entries that a Slack message really names: each has its line with what happened, and its mark or none. */
export function toldIn(body: string, entries: readonly DigestEntry[]): readonly Told[] {
  const { blocks } = JSON.parse(body) as { readonly blocks: readonly Element[] };
  const lines = blocks.flatMap(linesOf);
  return entries.flatMap(({ notice }) => {
    const short = `sha256:${shortDigest(notice.subject.image.digest)}`;
    const words = headline(notice, 100);
    const index = lines.findIndex((it) => it.startsWith(words) && it.includes(short));
    if (index < 0) return [];
    const [line] = lines.splice(index, 1);
    return [{ notice, isMarked: line?.includes('possible repeat') ?? false }];
  });
}

function linesOf(element: Element): readonly string[] {
  if (element.type !== 'rich_text_list') return (element.elements ?? []).flatMap(linesOf);
  return (element.elements ?? []).map(textOf);
}

function textOf({ text, elements = [] }: Element): string {
  return (text ?? '') + elements.map(textOf).join('');
}
