/** Runs what asks ECR; whoever may not is told which rights it takes. Throws what `ask` throws. */
export async function withRights<T>(needs: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const { name, message } = error as Error;
    if (name !== 'AccessDeniedException') throw error;
    throw Object.assign(new Error(`${message} (${needs})`), { name: 'AccessDenied' });
  }
}

/** What the tables know, or why nobody knows. */
export type Known<T> = { readonly value: T } | { readonly unknown: string };

const UNKNOWN: Readonly<Record<string, string>> = {
  ResourceNotFoundException: 'there is no deployment of scan-response here (--stage, region, account)',
  AccessDeniedException: 'the tables may not be read: it takes dynamodb:GetItem, BatchGetItem and Query',
};

/** Runs what reads the tables, for what can go on without them. Throws what passes, as a table that does not answer. */
export async function ifDeployed<T>(ask: () => Promise<T>): Promise<Known<T>> {
  try {
    return { value: await ask() };
  } catch (error) {
    const unknown = UNKNOWN[(error as Error).name];
    if (unknown === undefined) throw error;
    return { unknown };
  }
}
