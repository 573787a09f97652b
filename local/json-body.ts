/** The JSON object in a request body, or undefined when it is not one. */
export function readObject(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const document: unknown = JSON.parse(body);
    return isObject(document) ? document : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
