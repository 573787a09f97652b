/** What came of asking AWS one thing: the answer, that there is no such thing, or why nobody knows. */
export type Reading<T> =
  | { readonly state: 'found'; readonly value: T }
  | { readonly state: 'absent' }
  | { readonly state: 'denied'; readonly action: string }
  | { readonly state: 'failed'; readonly name: string; readonly message: string };

/** How services say that a thing is not there, and that one may not ask; each has its own name for it. */
const ABSENT = /NotFound|DoesNotExist|NonExistent|NoSuchEntity/;
const DENIED = /^(AccessDenied|AuthorizationError|UnauthorizedOperation)(Exception)?$/;
const NAMED_ACTION = /not authorized to perform: ([a-z0-9-]+:[A-Za-z]+)/;

/**
 * Asks and never throws: whoever diagnoses goes on without the answer. Takes the IAM action that the question
 * needs, which a denial names when the service's own message does not; `undefined` from `ask` means "not there".
 */
export async function reading<T>(action: string, ask: () => Promise<T | undefined>): Promise<Reading<T>> {
  try {
    const value = await ask();
    return value === undefined ? { state: 'absent' } : { state: 'found', value };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    if (DENIED.test(name)) return { state: 'denied', action: NAMED_ACTION.exec(message)?.[1] ?? action };
    if (ABSENT.test(name)) return { state: 'absent' };
    return { state: 'failed', name, message };
  }
}

/** What was found, or undefined for every other outcome. */
export function foundIn<T>(from: Reading<T> | undefined): T | undefined {
  return from?.state === 'found' ? from.value : undefined;
}
