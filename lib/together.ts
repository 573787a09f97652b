/**
 * Waits for all of them, whatever fails, and then throws what failed first in their order: nothing goes on behind the back of
 * who waits, as it would with `Promise.all`.
 */
export async function together<const T extends readonly unknown[]>(
  promises: T,
): Promise<{ -readonly [N in keyof T]: Awaited<T[N]> }> {
  const settled = await Promise.allSettled(promises);
  const failed = settled.find((it) => it.status === 'rejected');
  if (failed) throw failed.reason;
  return settled.map((it) => (it as PromiseFulfilledResult<unknown>).value) as {
    -readonly [N in keyof T]: Awaited<T[N]>;
  };
}
