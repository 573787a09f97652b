import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { packageService } from './package.ts';
import { type RunningStack, startStack } from './stack.ts';
import { lookupEnvironment, openConsole } from './story/ask.ts';
import { playEvent, playScan } from './story/play-file.ts';
import { tellStory } from './story/tell.ts';
import { showLogs, startTimeline, type Timeline } from './story/timeline.ts';

const HELP = `npm start: the packaged service on the embedded stack, on 127.0.0.1 only

  npm start                       plays the story
  npm start -- --scan FILE        feeds the output of aws ecr describe-image-scan-findings through the service
  npm start -- --event FILE       puts any EventBridge event on the bus
  npm start -- --keep             stays up afterwards, with the console; prints the endpoints; Ctrl-C ends it
  npm start -- --help             this text

Exit codes: 0 all went as it should, 1 usage or something did not.`;

const OPTIONS = {
  scan: { type: 'string' },
  event: { type: 'string' },
  keep: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What is waited for in hours on AWS is waited for in seconds here. */
const IMPATIENCE = {
  SCAN_RESPONSE_RETRY_SECONDS: '1',
  SCAN_RESPONSE_SIBLING_GRACE_SECONDS: '3',
  SCAN_RESPONSE_READINESS_SECONDS: '5',
  SCAN_RESPONSE_SLACK_DIGEST_WINDOW_SECONDS: '5',
  // The story has provenance, and nobody signs anything later.
  SCAN_RESPONSE_READ_BLOBS: 'true',
  SCAN_RESPONSE_REFERRERS_AFTER_SECONDS: '0',
};

async function main(): Promise<void> {
  // The SDK's word on Node 20 is for who deploys with it, not for who watches a story.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help) return void process.stdout.write(`${HELP}\n`);
  let wasInterrupted = false;
  const interrupted = new Promise<void>((resolve) => {
    const interrupt = (): void => {
      wasInterrupted = true;
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt);
  });
  const play = await readInput(values);
  const timeline = startTimeline();
  timeline.say('package', 'serverless package, with no network and no credentials …');
  const packaged = await packageService({ root: ROOT, reuse: true });
  try {
    const stack = await startStack({ packaged, environment: IMPATIENCE, retryAfterCrashSeconds: 5 });
    try {
      timeline.say(
        'stack',
        `${packaged.bundles.size} functions, ${stack.endpoints.length} loopback parts, ready`,
      );
      showLogs(stack, timeline);
      await Promise.race([play(stack, timeline), interrupted]);
      if (values.keep) await keep(stack, timeline, interrupted);
    } finally {
      await stack.stop();
    }
  } finally {
    await packaged.dispose();
  }
  // A story that was interrupted still waits for messages that nobody will bring.
  if (wasInterrupted) process.exit();
}

type Play = (stack: RunningStack, timeline: Timeline) => Promise<void>;

/** What there is to play; a file is read before anything is packaged for it. */
async function readInput({
  scan,
  event,
}: {
  readonly scan?: string;
  readonly event?: string;
}): Promise<Play> {
  if (scan && event) throw new Error('--scan and --event do not go together: one run feeds one file');
  const [file, playFile] = scan ? [scan, playScan] : [event, playEvent];
  if (!file) return tellStory;
  const content = await readJson(file);
  return (stack, timeline) => playFile(stack, timeline, content);
}

async function keep(stack: RunningStack, timeline: Timeline, interrupted: Promise<void>): Promise<void> {
  timeline.title('Still up; Ctrl-C ends it');
  for (const { name, url } of stack.endpoints) timeline.plain(`  ${name.padEnd(10)}${url}`);
  const variables = Object.entries(lookupEnvironment(stack)).map(([name, value]) => `${name}=${value}`);
  timeline.plain(`\n${variables.join(' ')} \\\n  npx scan-response history demo-api:latest`);
  const opened = await openConsole(stack);
  timeline.plain(`\n  ${'console'.padEnd(10)}${opened.url}`);
  await interrupted;
  await opened.close();
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} cannot be read as JSON: ${(error as Error).message}`);
  }
}

main().catch((error: Error) => {
  process.stderr.write(`npm start: ${error.message}\n`);
  process.exitCode = 1;
});
