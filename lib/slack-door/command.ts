import { ask } from '../ask/ask.ts';
import { EXIT, type Tools } from '../cli/command.ts';
import { explain } from '../cli/failure.ts';
import { readSlashCommand } from './form.ts';
import { HELP } from './help.ts';
import { type Question, readQuestion } from './question.ts';
import { type SlackReply, toReply } from './reply.ts';

/** What answering a slash command needs. */
export interface CommandPorts {
  readonly tools: Tools;
  /** The zone that a person has in Slack; undefined where nobody may know it. Never throws. */
  readonly zoneOf: (userId: string) => Promise<string | undefined>;
  /** Has times read and printed in a zone; throws ConfigError for what is none. */
  readonly useZone: (zone: string) => void;
}

/**
 * Answers a slash command with what the command line says; undefined for what is none. Throws when the tables cannot be
 * read: what AWS says of that names roles and tables, and is for the log.
 */
export async function answerCommand(body: Buffer, ports: CommandPorts): Promise<SlackReply | undefined> {
  const command = readSlashCommand(body);
  if (!command) return undefined;
  try {
    const question = readQuestion(command.text);
    return question ? await answer(question, command.user_id, ports) : toReply({ lines: HELP });
  } catch (error) {
    const { exit, message, more = [] } = explain(error);
    if (exit === EXIT.backend) throw error;
    return toReply({ lines: [message, ...more] });
  }
}

async function answer(
  { name, parameters, zone, isShared, typed }: Question,
  userId: string,
  ports: CommandPorts,
): Promise<SlackReply> {
  const smallPrint = await chooseZone(zone, userId, ports);
  const said = await ask(name, parameters, ports.tools);
  if (said && said.status >= 500) throw new Error(String(said.document.error));
  // What cannot be answered is for who asked alone.
  const isAnswer = said?.status === 200;
  return toReply({ lines: said?.lines ?? HELP, smallPrint, isShared: isShared && isAnswer, typed });
}

/** The zone that was asked for, else the person's, else UTC; says which where nobody chose it. */
async function chooseZone(
  asked: string | undefined,
  userId: string,
  { zoneOf, useZone }: CommandPorts,
): Promise<readonly string[]> {
  useZone('UTC');
  if (asked !== undefined) {
    useZone(asked);
    return [];
  }
  const zone = await zoneOf(userId);
  try {
    if (zone === undefined) return [ZONE_UNKNOWN];
    useZone(zone);
    return [`Times are read and printed in ${zone}, your zone in Slack.`];
  } catch {
    return [ZONE_UNKNOWN];
  }
}

const ZONE_UNKNOWN = 'Times are read and printed in UTC; --tz Europe/Berlin takes another zone.';
