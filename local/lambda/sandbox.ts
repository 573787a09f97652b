import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type AnswerMessage, endMark, type InvokeMessage } from './protocol.ts';

/** One process with one loaded bundle. */
export interface Sandbox {
  /**
   * One invocation at a time. Resolves when the answer and all output before it are here; a process that ends
   * instead gives a `Runtime.ExitError`, as on Lambda.
   */
  invoke(message: InvokeMessage): Promise<AnswerMessage>;
  isAlive(): boolean;
  /** Ends the process at once, and resolves when it is gone and its output is read. */
  kill(): Promise<void>;
}

export interface SandboxOptions {
  /** The built `bootstrap`, which runs in the process. */
  readonly bootstrap: string;
  readonly bundleFile: string;
  readonly exportName: string;
  /** All that the process sees; nothing of ours leaks in. */
  readonly environment: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
}

interface Pending {
  readonly mark: string;
  readonly onAnswer: (answer: AnswerMessage) => void;
  readonly onMark: () => void;
}

/** Starts the process; it loads the bundle while the first message is on its way. */
export function openSandbox(options: SandboxOptions): Sandbox {
  const child = fork(options.bootstrap, [options.bundleFile, options.exportName], {
    env: { ...options.environment },
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let pending: Pending | undefined;
  let exit: string | undefined;
  const closed = once(child, 'close').then(
    ([code, signal]) => {
      exit = signal ? `signal: ${signal}` : `exit status ${code}`;
    },
    (error: unknown) => {
      exit = String(error);
    },
  );
  const read = (stream: Readable | null): void => {
    if (!stream) return;
    createInterface({ input: stream }).on('line', (line) => {
      if (line === pending?.mark) pending.onMark();
      else if (line !== '') options.onLine(line);
    });
  };
  // A message to a process that just died: `close` tells the same.
  child.on('error', () => undefined);
  read(child.stdout);
  read(child.stderr);
  child.on('message', (answer: AnswerMessage) => pending?.onAnswer(answer));
  return {
    invoke(message) {
      const { requestId } = message;
      const answered = new Promise<AnswerMessage>((resolve) => {
        pending = collector(requestId, resolve);
        child.send(message, () => undefined);
      });
      const ended = closed.then(() => ({
        requestId,
        error: {
          type: 'Runtime.ExitError',
          message: `RequestId: ${requestId} Error: Runtime exited: ${exit}`,
        },
      }));
      return Promise.race([answered, ended]);
    },
    isAlive: () => exit === undefined && child.connected,
    async kill() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}

/** Waits for three things: the answer, and the mark that ends the output on stdout and on stderr. */
function collector(requestId: string, resolve: (answer: AnswerMessage) => void): Pending {
  let answer: AnswerMessage | undefined;
  let marks = 0;
  const settle = (): void => {
    if (answer && marks === 2) resolve(answer);
  };
  return {
    mark: endMark(requestId),
    onAnswer(arrived) {
      answer = arrived;
      settle();
    },
    onMark() {
      marks += 1;
      settle();
    },
  };
}
