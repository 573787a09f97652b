import { BadReference } from '../errors.ts';
import { type Command, EXIT, type Output, type Tools } from './command.ts';
import { ZONE } from './options.ts';

const SCHEMA = 'scan-response.console/v1';

export const consoleCommand: Command = {
  usage: 'console [--port N]',
  summary: 'The look-ups as a page on this machine, with your own credentials, until Ctrl-C.',
  options: { port: { value: 'N', says: 'listen on this port of 127.0.0.1; a free one without it' }, ...ZONE },
  takesReference: 'never',
  async run(_, { port = '0' }, tools): Promise<Output> {
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
      throw new BadReference('--port takes a number from 1 to 65535');
    // A bundle of its own: nobody else serves anything.
    const { startConsole } = await import('../console/console-server.ts');
    const { url, close } = await startConsole(withOneLookup(tools), { port: Number(port) });
    // Listening keeps the process alive after this answer is printed.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void close());
    return {
      exit: EXIT.found,
      lines: [url],
      document: { schema: SCHEMA, url },
      aside: ['The console is open at this address, for whoever has it; Ctrl-C ends it.'],
    };
  },
};

/** One client for all questions: a new one for each would shake hands with AWS again. */
function withOneLookup(tools: Tools): Tools {
  let ports: ReturnType<Tools['lookup']> | undefined;
  const lookup = () => {
    ports ??= tools.lookup();
    return ports;
  };
  return { ...tools, lookup };
}
