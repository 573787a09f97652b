import { parseOrder } from '../../lib/delivery/wire.ts';
import { InvalidEvent } from '../../lib/errors.ts';
import {
  parseDeployment,
  parseEvent,
  parsePush,
  parsePushOrHint,
  parseScan,
} from '../../lib/intake/parse.ts';
import { fuzzedEvent } from '../hostile/mutation.ts';
import { textComplaints } from '../hostile/rules.ts';
import { oneOf } from '../hostile/scene.ts';
import { chance } from './chance.ts';

/** A reader of queue messages: it gives what it read, or throws InvalidEvent. */
type Parse = (body: string) => unknown;

/** Whatever a function does with a message first. */
const PARSERS: Readonly<Record<string, Parse>> = {
  ...{ parseEvent, parsePush, parsePushOrHint, parseScan, parseDeployment, parseOrder },
};

/** Longer than this on an idle machine, and one message holds its batch up. */
const SLOW_MS = 50;

export interface EventsVerdict {
  readonly accepted: number;
  readonly refused: number;
  /** What was wrong, with the seed: the first ten. */
  readonly wrong: readonly string[];
}

/** Gives so many events, each of a seed from `first` on, to one of the parsers, and half of them to the first one. */
export function eventsVerdict(
  first: number,
  events: number,
  samples: readonly string[],
  parsers: Readonly<Record<string, Parse>> = PARSERS,
): EventsVerdict {
  const [most = '', ...names] = Object.keys(parsers);
  const wrong: string[] = [];
  let accepted = 0;
  for (let seed = first; seed < first + events && wrong.length < 10; seed += 1) {
    const drawn = chance(seed);
    const body = fuzzedEvent(drawn, samples);
    const name = names.length === 0 || drawn.hits(0.5) ? most : oneOf(drawn, names);
    const found = answer(parsers[name] as Parse, body);
    if (found.isAccepted) accepted += 1;
    wrong.push(...found.complaints.map((it) => `seed ${seed}, ${name}: ${it}`));
  }
  return { accepted, refused: events - accepted, wrong };
}

function answer(parse: Parse, body: string): { isAccepted: boolean; complaints: readonly string[] } {
  const begin = performance.now();
  const result = attempt(parse, body);
  const isSlow = performance.now() - begin > SLOW_MS && isSlowAgain(parse, body);
  const complaints = 'error' in result ? errorComplaints(result.error) : readComplaints(result.read);
  return { isAccepted: 'read' in result, complaints: [...complaints, ...(isSlow ? ['too slow'] : [])] };
}

function attempt(parse: Parse, body: string): { readonly read: unknown } | { readonly error: unknown } {
  try {
    return { read: parse(body) };
  } catch (error) {
    return { error };
  }
}

/** Others use the machine, too: it is the event when it takes as much of a processor, each time. */
function isSlowAgain(parse: Parse, body: string): boolean {
  return [1, 2, 3].every(() => {
    const before = process.cpuUsage();
    attempt(parse, body);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000 > SLOW_MS;
  });
}

/** The reason stands beside the dead letter, where people and SQS read it. */
function errorComplaints(error: unknown): readonly string[] {
  if (!(error instanceof InvalidEvent)) return [`throws ${error}`];
  const isLong = error.message.length > 1000 || error.message.length === 0;
  return [...textComplaints(error.message), ...(isLong ? ['a reason of no or too many words'] : [])];
}

/** Names go into keys of tables and into messages: none without its grammar. */
function readComplaints(read: unknown): readonly string[] {
  const { repository, image, images = [], digest, tag } = read as Read;
  const repositories = [repository, image?.repository, ...images.map((it) => it.repository)];
  const digests = [digest, image?.digest, ...images.map((it) => it.digest)];
  return [
    ...repositories.flatMap((it) => (it && !isRepository(it) ? ['a repository that cannot be'] : [])),
    ...digests.flatMap((it) => (it && !/^sha256:[0-9a-f]{64}$/.test(it) ? ['a digest that cannot be'] : [])),
    ...(tag && !/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(tag) ? ['a tag that cannot be'] : []),
  ];
}

interface Repository {
  readonly account: string;
  readonly region: string;
  readonly name: string;
}

interface Read {
  readonly repository?: Repository;
  readonly image?: { readonly repository: Repository; readonly digest: string };
  readonly images?: readonly { readonly repository: Repository; readonly digest: string }[];
  readonly digest?: string;
  readonly tag?: string;
}

/**
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html, and separators in a row: nothing is
 * lost because ECR takes more than its document says.
 */
function isRepository({ account, region, name }: Repository): boolean {
  const grammar = /^(?:[a-z0-9]+(?:[._-]+[a-z0-9]+)*\/)*[a-z0-9]+(?:[._-]+[a-z0-9]+)*$/;
  return (
    /^\d{12}$/.test(account) && /^[a-z0-9-]{4,32}$/.test(region) && name.length <= 256 && grammar.test(name)
  );
}
