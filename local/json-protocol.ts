import type { LocalRequest, LocalResponse, Respond } from './http.ts';

/** One operation of an AWS JSON service: takes the parsed request, returns the response document. */
// biome-ignore lint/suspicious/noExplicitAny: each operation names the fields it reads; the wire is untyped
export type Operation = (input: any) => unknown;

/** An error that an AWS service answers with; `code` is the exception's name, as the SDK sees it. */
export class ServiceFault extends Error {
  readonly code: string;
  readonly status: number;
  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/**
 * Answers the AWS JSON protocol (`X-Amz-Target: Service.Operation`) from a table of operations.
 * Source: https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export function jsonProtocol(operations: Readonly<Record<string, Operation>>): Respond {
  return async (request) => {
    const name = operationName(request);
    const operation = operations[name];
    if (!operation) return fault(new ServiceFault('UnknownOperationException', `not embedded: ${name}`));
    try {
      return reply(200, (await operation(JSON.parse(request.body || '{}'))) ?? {});
    } catch (error) {
      if (error instanceof ServiceFault) return fault(error);
      throw error;
    }
  };
}

function operationName(request: LocalRequest): string {
  return String(request.headers['x-amz-target'] ?? '')
    .split('.')
    .at(-1) as string;
}

function fault({ code, message, status }: ServiceFault): LocalResponse {
  return reply(status, { __type: code, message }, { 'x-amzn-errortype': code });
}

function reply(status: number, document: unknown, headers: Record<string, string> = {}): LocalResponse {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.1', ...headers },
    body: JSON.stringify(document),
  };
}
