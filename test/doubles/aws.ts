import { onTestFinished } from 'vitest';
import { type Endpoint, type LocalRequest, type LocalResponse, serve } from '../../local/http.ts';
import { jsonProtocol, type Operation, ServiceFault } from '../../local/json-protocol.ts';

/**
 * What is answered: JSON operations by name, REST paths (without a query) and Query actions (XML) by theirs. A function
 * for a Query action takes its parameters, returns the XML, and may throw a ServiceFault.
 */
export type Answers = Readonly<Record<string, Operation | string>>;

/**
 * One endpoint for all of AWS until the end of the test, that refuses everything but what is given. A REST path
 * begins with `/`; the answer to a Query action is the XML inside of its result.
 */
export async function openAws(
  answers: Answers = {},
): Promise<Endpoint & { readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const endpoint = await serve(async (request) => {
    const name = nameOf(request);
    asked.push(name);
    const answer = answers[name];
    if (request.headers['x-amz-target'] !== undefined)
      return jsonProtocol({ [name]: jsonOf(name, answer) })(request);
    if (name.startsWith('/')) return restReply(name, answer);
    return queryReply(name, answer, request.body);
  });
  onTestFinished(() => endpoint.close());
  return { ...endpoint, asked };
}

function nameOf({ headers, path, body }: LocalRequest): string {
  const target = headers['x-amz-target'];
  if (target !== undefined) return String(target).split('.').at(-1) ?? '';
  return new URLSearchParams(body).get('Action') ?? path.split('?')[0] ?? '';
}

function jsonOf(name: string, answer: Operation | string | undefined): Operation {
  if (typeof answer === 'function') return answer;
  return () => {
    throw new ServiceFault(
      'AccessDeniedException',
      `User: me is not authorized to perform: any:${name} on it`,
    );
  };
}

function restReply(name: string, answer: Operation | string | undefined): LocalResponse {
  if (typeof answer === 'function') {
    return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(answer({})) };
  }
  const message = `User: me is not authorized to perform: lambda:Any on ${name}`;
  return {
    status: 403,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': 'AccessDeniedException' },
    body: JSON.stringify({ message }),
  };
}

function queryReply(name: string, answer: Operation | string | undefined, body: string): LocalResponse {
  const headers = { 'content-type': 'text/xml' };
  try {
    const xml = typeof answer === 'function' ? answer(Object.fromEntries(new URLSearchParams(body))) : answer;
    if (xml === undefined) throw new ServiceFault('AccessDenied', 'no', 403);
    const text = `<${name}Response><${name}Result>${xml}</${name}Result></${name}Response>`;
    return { status: 200, headers, body: text };
  } catch (error) {
    if (!(error instanceof ServiceFault)) throw error;
    const { code, message, status } = error;
    const fault = `<Type>Sender</Type><Code>${code}</Code><Message>${message}</Message>`;
    return { status, headers, body: `<ErrorResponse><Error>${fault}</Error></ErrorResponse>` };
  }
}
