import type { STSClient } from '@aws-sdk/client-sts';

// A client of EC2 or KMS would be a dependency for one or three reads each. The signer and the credentials of a client
// that is there anyway sign their requests just as well; EC2's XML is read by our own few lines in xml.ts.

/** Where a service is asked, and as which. */
export interface SignedService {
  /** The service's name in a signature: `ec2`. */
  readonly name: string;
  readonly region: string;
  /** Instead of the service's own address. */
  readonly endpoint: string;
}

const TIMEOUT_MS = 5000;

/**
 * Posts a signed request and returns the answer's text. Throws an error whose name is the service's code
 * (`UnauthorizedOperation`), as the SDK's clients do.
 */
export async function postSigned(
  sts: STSClient,
  { name, region, endpoint }: SignedService,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<string> {
  const { protocol, hostname, port, host } = new URL(endpoint);
  const signer = await sts.config.signer({
    name: 'sigv4',
    signingName: name,
    signingRegion: region,
    properties: {},
  });
  const signed = await signer.sign({
    method: 'POST',
    protocol,
    hostname,
    ...(port && { port: Number(port) }),
    path: '/',
    query: {},
    headers: { ...headers, host },
    body,
  });
  const { host: _, ...sent } = signed.headers;
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: sent,
    body,
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = await response.text();
  if (response.ok) return text;
  throw refusal(response.status, text);
}

/** XML has `<Code>` and `<Message>`, JSON `__type` and `message`. */
function refusal(status: number, text: string): Error {
  const code = /<Code>([^<]+)/.exec(text)?.[1] ?? /"__type"\s*:\s*"(?:[^"]*#)?([^"]+)"/.exec(text)?.[1];
  const message = /<Message>([^<]+)/.exec(text)?.[1] ?? /"[mM]essage"\s*:\s*"([^"]+)"/.exec(text)?.[1];
  return Object.assign(new Error(message ?? `status ${status}`), { name: code ?? `HTTP ${status}` });
}
