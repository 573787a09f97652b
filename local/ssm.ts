import { type Endpoint, serve } from './http.ts';
import { jsonProtocol, ServiceFault } from './json-protocol.ts';

export interface SsmServer extends Endpoint {
  /** The names that were asked for, in order of arrival. */
  readonly asked: readonly string[];
}

/** Serves SSM's GetParameter over the map's current content; every parameter is a SecureString. */
export async function startSsm(parameters: ReadonlyMap<string, string>): Promise<SsmServer> {
  const asked: string[] = [];
  const endpoint = await serve(
    jsonProtocol({
      GetParameter({ Name, WithDecryption }) {
        asked.push(Name);
        const value = parameters.get(Name);
        if (value === undefined) throw new ServiceFault('ParameterNotFound', `no parameter ${Name}`);
        // Without WithDecryption SSM answers with the ciphertext, which is of no use to anybody.
        const Value = WithDecryption ? value : Buffer.from(value).toString('base64');
        return { Parameter: { Name, Type: 'SecureString', Value, Version: 1, DataType: 'text' } };
      },
    }),
  );
  return { ...endpoint, asked };
}
