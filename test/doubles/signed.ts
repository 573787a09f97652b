import type { STSClient } from '@aws-sdk/client-sts';

/** What is asked of the gateway, signed or to be signed. */
export interface SignedOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signingRegion?: string;
  readonly signingDate?: Date;
}

/** The headers that the AWS SDK's own signer gives a request for an API of API Gateway, with a client's credentials. */
export async function signedHeaders(
  sts: STSClient,
  url: string,
  { method = 'GET', headers = {}, signingRegion = 'us-east-1', signingDate }: SignedOptions = {},
): Promise<Record<string, string>> {
  const { protocol, hostname, port, host, pathname, searchParams } = new URL(url);
  const query = Object.fromEntries([...searchParams.keys()].map((key) => [key, searchParams.getAll(key)]));
  const signer = await sts.config.signer({
    name: 'sigv4',
    signingName: 'execute-api',
    signingRegion,
    properties: {},
  });
  const signed = await signer.sign(
    { method, protocol, hostname, port: Number(port), path: pathname, query, headers: { ...headers, host } },
    { signingRegion, ...(signingDate && { signingDate }) },
  );
  const { host: _, ...sent } = signed.headers;
  return sent;
}

/** Asks the gateway as who may. */
export async function fetchSigned(
  sts: STSClient,
  url: string,
  options: SignedOptions = {},
): Promise<Response> {
  const headers = await signedHeaders(sts, url, options);
  return fetch(url, { method: options.method ?? 'GET', headers, redirect: 'error' });
}
