import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { argv, execPath, stdout } from 'node:process';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { loadHead } from '../lib/store/tag-history.ts';
import { aTagName } from '../test/build/lineage.ts';
import { loopback } from '../test/doubles/loopback.ts';
import { signedHeaders } from '../test/doubles/signed.ts';
import { type Served, serveLookups } from './lookup-stack.ts';
import { openLoop, percentile } from './open-loop.ts';

// `npm run bench:lookup -- <requests a second> <seconds of each round> <rounds>`: look-ups through the gateway of the
// embedded stack, by the packaged function, beside a bare GetItem of the same database. The stack is a process of its own.

/** Of one look-up, for the 99th of 100: issue 8. */
const TARGET_MS = 50;
const QUESTIONS = [
  'who?reference=demo-api%3Alatest',
  'who?reference=demo-api%3Alatest~1',
  'who?at=2026-11-19T03%3A10%3A00Z&reference=demo-api%3Alatest',
  'history?limit=20&reference=demo-api%3Alatest',
  'service?reference=prod%2Fcheckout',
];

if (argv[2] === 'serve') await serveLookups();
else await compare();

async function compare(): Promise<void> {
  const [perSecond = 200, seconds = 5, rounds = 4] = argv.slice(2).map(Number);
  const server = spawn(execPath, ['bench/run.mjs', 'lookup', 'serve'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const [line] = await once(server.stdout, 'data');
    const served: Served = JSON.parse(String(line));
    const [get, ask] = [getter(served), await asker(served)];
    // Processes start, and compile what they run.
    for (const it of [get, ask]) await openLoop(it, { perSecond: 50, seconds: 3 });
    const gets: number[] = [];
    const asks: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      gets.push(...(await openLoop(get, { perSecond, seconds })));
      asks.push(...(await openLoop(ask, { perSecond, seconds })));
    }
    report(perSecond, gets, asks);
  } finally {
    server.kill();
  }
}

/** The least that the database can be asked: where a tag is now. */
function getter({ dynamodb, lineage }: Served): () => Promise<void> {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(loopback(dynamodb)));
  return async () => {
    if (!(await loadHead({ client, name: lineage }, aTagName()))) throw new Error('there is no such item');
  };
}

/** Signed once: a signature holds for five minutes, and signing is the caller's time. */
async function asker({ gateway }: Served): Promise<(nth: number) => Promise<void>> {
  const sts = new STSClient(loopback(gateway));
  const urls = QUESTIONS.map((it) => `${gateway}/v1/${it}`);
  const requests = await Promise.all(
    urls.map(async (url) => ({ url, headers: await signedHeaders(sts, url) })),
  );
  return async (nth) => {
    const { url = '', headers = {} } = requests[nth % requests.length] ?? {};
    const response = await fetch(url, { headers });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${url}: ${response.status} ${text}`);
  };
}

function report(perSecond: number, gets: readonly number[], asks: readonly number[]): void {
  const row = (name: string, sorted: readonly number[]) => {
    const [p50, p99] = [50, 99].map((it) => percentile(sorted, it).toFixed(1));
    const lost = sorted.filter((it) => it === Number.POSITIVE_INFINITY).length;
    return `${name.padEnd(16)} p50 ${p50} ms, p99 ${p99} ms${lost > 0 ? `, ${lost} not answered` : ''}\n`;
  };
  const [bare, looked] = [gets, asks].map((all) => all.toSorted((a, b) => a - b)) as [number[], number[]];
  const ratio = (at: number) => (percentile(looked, at) / percentile(bare, at)).toFixed(1);
  const isMet = percentile(looked, 99) <= TARGET_MS;
  stdout.write(
    [
      `${perSecond} requests a second, ${looked.length} of each, timed from when each was to be sent\n`,
      row('a bare GetItem', bare),
      row('a look-up', looked),
      `a look-up is ${ratio(50)} GetItems at p50, ${ratio(99)} at p99; p99 ≤ ${TARGET_MS} ms: ${isMet ? 'met' : 'NOT MET'}\n`,
    ].join(''),
  );
}
