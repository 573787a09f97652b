import { InvalidEvent } from '../errors.ts';
import { safeText, untrusted } from '../image/untrusted.ts';
import { parsePullThrough, parseReplication } from './arrival.ts';
import { DOCUMENTS_HINT, parseDocumentsHint } from './documents-hint.ts';
import { parseImageAction } from './ecr-image-action.ts';
import { parseRolloutChange } from './ecs-deployment.ts';
import { parseTaskChange } from './ecs-task.ts';
import { Envelope, parseWith } from './envelope.ts';
import type {
  DocumentsHint,
  FindingHint,
  ImageAction,
  IntakeEvent,
  RolloutChange,
  ScanHint,
  TaskChange,
} from './event.ts';
import { parseFindingHint } from './finding-hint.ts';
import { OWN_HINT, parseOwnHint } from './own-hint.ts';
import { parseReferrerAction } from './referrer-action.ts';
import { parseScanHint } from './scan-hint.ts';

const PARSERS: Readonly<Record<string, (envelope: Envelope) => IntakeEvent>> = {
  'ECR Image Action': parseImageAction,
  'ECR Replication Action': parseReplication,
  'ECR Pull Through Cache Action': parsePullThrough,
  'ECR Referrer Action': parseReferrerAction,
  'ECR Image Scan': parseScanHint,
  'Inspector2 Scan': parseScanHint,
  'Inspector2 Finding': parseFindingHint,
  'ECS Task State Change': parseTaskChange,
  'ECS Deployment State Change': parseRolloutChange,
  [OWN_HINT]: parseOwnHint,
  [DOCUMENTS_HINT]: parseDocumentsHint,
};

/** Takes the body of a queue message, returns what happened to which image; throws InvalidEvent with a reason. */
export function parseEvent(body: string): IntakeEvent {
  const envelope = parseWith(Envelope, parseJson(body));
  const type = envelope['detail-type'];
  const parse = Object.hasOwn(PARSERS, type) ? PARSERS[type] : undefined;
  if (!parse) throw new InvalidEvent(`detail-type: nothing here answers ${safeText(untrusted(type), 60)}`);
  return parse(envelope);
}

/** As `parseEvent`, for the function that records pushes and reads what is pushed with them. */
export function parsePushOrHint(body: string): ImageAction | DocumentsHint {
  const event = parseEvent(body);
  return event.kind === 'documents-hint' ? event : pushIn(event);
}

/** As `parseEvent`, for pushes alone. */
export function parsePush(body: string): ImageAction {
  return pushIn(parseEvent(body));
}

function pushIn(event: IntakeEvent): ImageAction {
  if (event.kind !== 'image-action') throw misled(event, 'pushes');
  return event;
}

/** As `parseEvent`, for the function that answers scans. */
export function parseScan(body: string): ScanHint | FindingHint {
  const event = parseEvent(body);
  if (event.kind === 'scan-hint' || event.kind === 'finding-hint') return event;
  throw misled(event, 'scans');
}

/** As `parseEvent`, for the function that records what runs. */
export function parseDeployment(body: string): TaskChange | RolloutChange {
  const event = parseEvent(body);
  if (event.kind === 'task-change' || event.kind === 'rollout-change') return event;
  throw misled(event, 'deployments');
}

const WORDS: Readonly<Record<IntakeEvent['kind'], string>> = {
  'image-action': 'a push',
  'documents-hint': 'a hint about documents',
  'scan-hint': 'a scan',
  'finding-hint': 'a finding',
  'task-change': 'a task',
  'rollout-change': 'a deployment',
};

function misled({ kind }: IntakeEvent, queue: string): InvalidEvent {
  return new InvalidEvent(`detail-type: ${WORDS[kind]} came to the queue for ${queue}`);
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new InvalidEvent('the body is not JSON');
  }
}
