import { sourceHosts } from '../config.ts';
import { BadReference } from '../errors.ts';
import type { Reference } from '../image/reference.ts';
import { whichImages } from '../lookup/commit.ts';
import { findImage, referenceTo } from '../lookup/digest.ts';
import type { LookupPorts } from '../lookup/ports.ts';
import { type Subject, subjectsIn } from '../lookup/subject.ts';
import { type WhoAnswer, who } from '../lookup/who.ts';
import { ambiguousCommit, ambiguousDigest, commitOutput } from './candidates.ts';
import { type Command, EXIT, type Options, type Output, type Tools } from './command.ts';
import { cveCommand } from './cve.ts';
import { type Moment, parseMoment } from './moment.ts';
import { MOMENT, PLACE } from './options.ts';
import { KINDS, pick, type Reading } from './readings.ts';
import { serviceCommand } from './service.ts';
import { answerOutput } from './who-text.ts';
import { unanswered } from './words.ts';

const SCHEMA = 'scan-response.who/v1';

/** Which command answers for a kind that is no image; it gets the text and the options as they were typed. */
const OTHERS: Readonly<Partial<Record<Subject['kind'], Command>>> = {
  service: serviceCommand,
  cve: cveCommand,
};

export const whoCommand: Command = {
  usage: 'who <anything> [--at TIME]',
  summary:
    'Which image and commit a tag, digest or commit is, or was at a time: tag@{yesterday 03:10}, tag~1.',
  takesReference: 'always',
  options: {
    ...MOMENT,
    ...PLACE,
    as: {
      value: 'KIND',
      says: `what it is, where it could be several things: ${KINDS.join(', ')}`,
      choices: KINDS,
    },
    output: {
      short: 'o',
      value: 'WHAT',
      says: 'print one value only: sha, digest or url',
      choices: ['sha', 'digest', 'url'],
    },
    findings: { says: 'with each finding of its newest scan, the worst first' },
    strict: { says: 'end with 4 where the answer is in doubt: conflict, unverified, gap' },
  },
  async run(typed, options, tools): Promise<Output> {
    const ports = await tools.lookup();
    const moment = parseMoment(typed, options, ports.now());
    const subjects = subjectsIn(moment.text).filter(({ kind }) => (options.as ?? kind) === kind);
    const question = { typed, moment, options, ports, tools };
    const answers = await Promise.all(subjects.map((subject) => answerTo(subject, question)));
    const readings = answers.filter((it) => it !== undefined);
    if (readings.length === 0) throw new BadReference(nobodyAnswers(typed, options));
    return pick(SCHEMA, typed, readings);
  },
};

interface Question {
  readonly typed: string;
  readonly moment: Moment;
  readonly options: Options;
  readonly ports: LookupPorts;
  readonly tools: Tools;
}

function nobodyAnswers(typed: string, { as }: Options): string {
  return `${JSON.stringify(typed.slice(0, 80))} is no ${as ?? 'image, digest or commit'}`;
}

async function answerTo(subject: Subject, question: Question): Promise<Reading | undefined> {
  const { typed, moment, options, tools } = question;
  if (subject.kind === 'reference') return whoReference(subject.reference, question);
  if (moment.back > 0) throw new BadReference(`~ and @{…} go with a tag, not with ${typed.slice(0, 80)}`);
  if (subject.kind === 'digest') return whoDigest(subject, question);
  if (subject.kind === 'commit') return whoCommit(subject.hex, question);
  const other = OTHERS[subject.kind];
  if (!other) return undefined;
  const at = moment.at ?? options.at;
  const output = await other.run(moment.text, { ...options, ...(at && { at }) }, tools, '');
  return { subject, output, isThere: output.exit !== EXIT.notFound };
}

async function whoReference(named: Reference, question: Question): Promise<Reading> {
  const { moment, options, ports } = question;
  const { at, back } = moment;
  if (named.digest && back > 0) throw new BadReference('~ and @{…} go with a tag; a digest never moves');
  const reference = { ...named, ...chosenPlace(options) };
  const answer = await who(reference, at, ports, { back, isBrief: options.output !== undefined });
  const subject = { kind: 'reference', reference } as const;
  if (answer.found === 'one')
    return {
      subject,
      isThere: true,
      output: await whole(answer, question),
    };
  const isThere = answer.found === 'several' || answer.lacks === 'tag';
  return { subject, isThere, output: unanswered(SCHEMA, answer) };
}

async function whoDigest(
  subject: Extract<Subject, { kind: 'digest' }>,
  question: Question,
): Promise<Reading> {
  const { moment, options, ports } = question;
  const found = await findImage(subject.hex, { ...subject.within, ...chosenPlace(options) }, ports);
  if (found.found === 'nothing') return { subject, isThere: false, output: unanswered(SCHEMA, found) };
  if (found.found === 'images')
    return { subject, isThere: true, output: ambiguousDigest(SCHEMA, subject.hex, found) };
  const answer = await who(referenceTo(found.image), moment.at, ports, {
    isBrief: options.output !== undefined,
  });
  if (answer.found !== 'one') return { subject, isThere: false, output: unanswered(SCHEMA, answer) };
  const part = found.isParent ? { part: `sha256:${subject.hex}` } : {};
  return { subject, isThere: true, output: await whole({ ...answer, ...part }, question) };
}

/** The answer with the findings of its scan, where they were asked for. */
async function whole(answer: WhoAnswer & { readonly part?: string }, question: Question): Promise<Output> {
  const { typed, options, ports } = question;
  const listed = options.findings ? await ports.loadScanFindings(answer) : undefined;
  const known = listed ? { ...answer, findings: listed.found, areFindingsWhole: listed.isWhole } : answer;
  return answerOutput(SCHEMA, typed, known, options, surroundings(question));
}

async function whoCommit(hex: string, question: Question): Promise<Reading> {
  const { typed, options, ports } = question;
  const subject = { kind: 'commit', hex } as const;
  const found = await whichImages(hex, ports);
  if (found.found === 'nothing') return { subject, isThere: false, output: unanswered(SCHEMA, found) };
  if (found.found === 'commits')
    return { subject, isThere: true, output: ambiguousCommit(SCHEMA, hex, found) };
  return {
    subject,
    isThere: true,
    output: commitOutput(SCHEMA, typed, found, options, surroundings(question)),
  };
}

function surroundings({ ports, tools }: Question) {
  return { now: ports.now(), hosts: sourceHosts(tools.environment) };
}

function chosenPlace({ account, region }: Options): Pick<Reference, 'account' | 'region'> {
  return { ...(account && { account }), ...(region && { region }) };
}
