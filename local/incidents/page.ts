import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { saveVerification } from '../../lib/store/reconciliation.ts';
import type { RunningStack } from '../stack.ts';
import { askThen } from './ask.ts';
import { HEAD } from './head.ts';
import { HAPPENINGS, INCIDENTS, type Incident, REPOSITORIES, VERIFIED } from './stories.ts';

/** The registry's clock while the incidents are played. */
export interface PlayClock {
  at: Date;
}

/** Plays what happened, then asks; returns the page. The stack's registry has to run by the clock. */
export async function incidentsPage(stack: RunningStack, clock: PlayClock, cli: string): Promise<string> {
  await play(stack, clock);
  await verify(stack);
  const sections: string[] = [];
  for (const [index, incident] of INCIDENTS.entries())
    sections.push(await section(stack, cli, incident, index + 1));
  return [HEAD, ...sections].join('\n');
}

async function play(stack: RunningStack, clock: PlayClock): Promise<void> {
  let told = 0;
  for (const { at, play: happen } of HAPPENINGS) {
    clock.at = new Date(at);
    for (const event of happen(stack, clock.at)) {
      told += 1;
      // AWS's ids are random, and decide the order of what happens in one second.
      stack.bus.put({ ...event, id: `event-${String(told).padStart(4, '0')}` });
    }
    await stack.idle();
  }
}

/** What the reconciler leaves behind, with the times of the story: it reads the machine's clock. */
async function verify({ dynamodb, tables, registry: { account, region } }: RunningStack): Promise<void> {
  const credentials = { accessKeyId: 'embedded', secretAccessKey: 'embedded' };
  const client = new DynamoDBClient({ endpoint: dynamodb.url, region, credentials });
  for (const name of REPOSITORIES) {
    const table = { client: DynamoDBDocumentClient.from(client), name: tables.lineage };
    await saveVerification(table, { account, region, name }, VERIFIED);
  }
  client.destroy();
}

async function section(
  stack: RunningStack,
  cli: string,
  { title, story, steps }: Incident,
  number: number,
): Promise<string> {
  const lines = [`## ${number}. ${title}`, '', story, ''];
  for (const { words, args } of steps) {
    const { text, exit } = await askThen(stack, cli, args);
    const typed = args.map((it) => (/[ {]/.test(it) ? `"${it}"` : it)).join(' ');
    lines.push(words, '', '```console', `$ scan-response ${typed}`, text, '```', '');
    if (exit !== 0) lines.push(`It ends with ${exit}.`, '');
  }
  return lines.join('\n');
}
