/** What the server said: the document of the command, or why there is none. */
export type Said<T> =
  | { readonly is: 'found'; readonly document: T }
  | { readonly is: 'not-found'; readonly error: string; readonly hint?: string }
  | { readonly is: 'ambiguous'; readonly document: Choice }
  | { readonly is: 'usage'; readonly error: string; readonly readings?: readonly string[] }
  | { readonly is: 'trouble'; readonly error: string };

/** Several things have this name; `docs/schemas/definitions.schema.json`, failure. */
export interface Choice {
  readonly schema: string;
  readonly candidates?: readonly Readonly<Record<string, string>>[];
  readonly images?: readonly unknown[];
  readonly commits?: readonly { readonly commit: string; readonly images: readonly unknown[] }[];
  readonly readings?: readonly {
    readonly as: string;
    readonly document: Readonly<Record<string, unknown>>;
  }[];
}

type Parameters = Readonly<Record<string, string | undefined>>;

/**
 * Asks a command by its name. Never throws but for a question that was taken back by `signal`; a server that is gone is
 * trouble like any other.
 */
export async function ask<T>(name: string, parameters: Parameters, signal: AbortSignal): Promise<Said<T>> {
  const given = Object.entries(parameters).filter((it): it is [string, string] => Boolean(it[1]));
  try {
    const response = await fetch(`api/${name}?${new URLSearchParams(given)}`, { signal });
    return said(response.status, await response.json());
  } catch (error) {
    signal.throwIfAborted();
    return {
      is: 'trouble',
      error: `The console does not answer: ${(error as Error).message}. Is it still running in its terminal?`,
    };
  }
}

function said<T>(status: number, document: T & Readonly<Record<string, unknown>>): Said<T> {
  if (status === 200) return { is: 'found', document };
  const error = String(document.error ?? '');
  const { hint, readings } = document as { hint?: string; readings?: readonly string[] };
  if (status === 404) return { is: 'not-found', error, ...(hint && { hint }) };
  if (status === 300) return { is: 'ambiguous', document: document as never };
  if (status === 400) return { is: 'usage', error, ...(readings && { readings }) };
  return { is: 'trouble', error };
}
