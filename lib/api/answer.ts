import { type Answer, QUESTIONS } from '../ask/ask.ts';
import { refuse } from '../ask/refusal.ts';
import type { Tools } from '../cli/command.ts';
import { useZone } from '../config.ts';
import { askPage, type Page } from './page.ts';
import { type ApiReply, replyTo } from './reply.ts';

/** A request for `/v1/{question}`, its query as it came. */
export interface ApiRequest {
  readonly question: string;
  readonly query: string;
  readonly ifNoneMatch?: string | undefined;
  /** By which the log of the function tells of it. */
  readonly id: string;
}

/** What is answered, and what is for the log alone. */
export interface Answered {
  readonly reply: ApiReply;
  /** Why the tables did not answer. */
  readonly fault?: unknown;
}

/** Answers a question as the command of its name does with `--json`, or with a document that says why not; never throws. */
export async function answerTo(request: ApiRequest, tools: Tools): Promise<Answered> {
  const { question, query, id, ifNoneMatch } = request;
  const page = await asked(question, new URLSearchParams(query), tools);
  const to = { question, ifNoneMatch };
  if (page.answer.status < 500) return { reply: replyTo(page, to) };
  // An error of AWS's names roles and tables: who asks is told where it stands.
  const told = `the tables could not be read; the log of the function says why, for request ${id}`;
  return { reply: replyTo({ answer: refuse(told, 'backend') }, to), fault: page.answer.document.error };
}

async function asked(question: string, parameters: URLSearchParams, tools: Tools): Promise<Page> {
  const zones = parameters.getAll('tz');
  parameters.delete('tz');
  // A process answers one request at a time, so the zone of the process is the zone of the request.
  const wrong = zones.length > 1 ? refuse('"tz" is there twice') : withZone(zones[0] ?? 'UTC');
  if (wrong) return { answer: wrong };
  return (await askPage(question, parameters, tools, zones[0])) ?? { answer: unknown(question) };
}

function withZone(name: string): Answer | undefined {
  try {
    useZone(name);
    return undefined;
  } catch (error) {
    return refuse((error as Error).message);
  }
}

function unknown(question: string): Answer {
  const answer = refuse(
    `no such question: ${JSON.stringify(question.slice(0, 40))}; there are ${Object.keys(QUESTIONS).join(', ')}`,
  );
  return { ...answer, status: 404 };
}
