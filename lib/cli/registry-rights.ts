/** Runs what asks ECR; whoever may not is told which rights it takes. Throws what `ask` throws. */
export async function withRights<T>(needs: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const { name, message } = error as Error;
    if (name !== 'AccessDeniedException' || message.includes('dynamodb:')) throw error;
    throw Object.assign(new Error(`${message} (${needs})`), { name: 'AccessDenied' });
  }
}

/** Runs what reads the tables; undefined where there is no deployment. Throws everything else. */
export async function whereDeployed<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if ((error as Error).name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}
