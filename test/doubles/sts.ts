import { type Endpoint, serve } from '../../local/http.ts';

/** An STS that gives anybody any role; the access key tells which account the role is in. */
export interface StsServer extends Endpoint {
  /** The roles that were asked for, in order. */
  readonly assumed: readonly string[];
}

/** Serves AssumeRole. Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export async function startSts(lifetimeMs = 3_600_000): Promise<StsServer> {
  const assumed: string[] = [];
  const endpoint = await serve(({ body }) => {
    const roleArn = new URLSearchParams(body).get('RoleArn') ?? '';
    assumed.push(roleArn);
    const expiration = new Date(Date.now() + lifetimeMs).toISOString();
    const fields = {
      AccessKeyId: accessKeyIn(roleArn.split(':')[4] ?? ''),
      SecretAccessKey: 'secret',
      SessionToken: 'token',
      Expiration: expiration,
    };
    const xml = Object.entries(fields).map(([name, value]) => `<${name}>${value}</${name}>`);
    const result = `<AssumeRoleResult><Credentials>${xml.join('')}</Credentials></AssumeRoleResult>`;
    return {
      status: 200,
      headers: { 'content-type': 'text/xml' },
      body: `<AssumeRoleResponse>${result}</AssumeRoleResponse>`,
    };
  });
  return { ...endpoint, assumed };
}

/** The access key of a role in an account. */
export function accessKeyIn(account: string): string {
  return `ASIA${account}`;
}
