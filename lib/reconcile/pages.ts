import type { Page } from '../image/listed-image.ts';

/** Everything on a list that comes in pages; undefined when what is listed is gone. Throws what `load` throws. */
export async function allPages<T>(load: (nextToken?: string) => Promise<Page<T>>): Promise<readonly T[]>;
export async function allPages<T>(
  load: (nextToken?: string) => Promise<Page<T> | undefined>,
): Promise<readonly T[] | undefined>;
export async function allPages<T>(
  load: (nextToken?: string) => Promise<Page<T> | undefined>,
): Promise<readonly T[] | undefined> {
  const all: T[] = [];
  let nextToken: string | undefined;
  do {
    const page = await load(nextToken);
    if (!page) return undefined;
    all.push(...page.items);
    nextToken = page.nextToken;
  } while (nextToken);
  return all;
}
