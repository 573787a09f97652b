/** What a worker asks of its process. */
export interface InvokeMessage {
  readonly requestId: string;
  readonly event: unknown;
  readonly deadlineMs: number;
}

/** What the process answers; `result` is JSON text, for only JSON leaves a Lambda function. */
export interface AnswerMessage {
  readonly requestId: string;
  readonly result?: string;
  readonly error?: InvocationError;
}

export interface InvocationError {
  readonly type: string;
  readonly message: string;
}

/** Ends an invocation's output on stdout and on stderr, so that no line arrives after its answer. */
export function endMark(requestId: string): string {
  return `END RequestId: ${requestId}`;
}
