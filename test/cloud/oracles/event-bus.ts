import { EventBridgeClient, TestEventPatternCommand } from '@aws-sdk/client-eventbridge';
import type { Emulators } from '../emulators.ts';
import type { Answer } from './event-ruler.ts';
import type { Question } from './questions.ts';

/** What an EventBridge answers to each question, by its own TestEventPattern. */
export async function askEventBus(
  { client }: Pick<Emulators, 'client'>,
  questions: readonly Question[],
): Promise<readonly Answer[]> {
  const events = new EventBridgeClient({ ...client, maxAttempts: 1 });
  const answers: Answer[] = [];
  try {
    for (const { pattern, event } of questions) answers.push(await ask(events, pattern, event));
    return answers;
  } finally {
    events.destroy();
  }
}

async function ask(events: EventBridgeClient, pattern: object, event: object): Promise<Answer> {
  const question = { EventPattern: JSON.stringify(pattern), Event: JSON.stringify(event) };
  return events.send(new TestEventPatternCommand(question)).then(
    ({ Result = false }) => Result,
    (error: Error) => `${error.name}: ${error.message}`,
  );
}
