import { expect } from 'vitest';
import type { Delivery, Measurement } from '../../../lib/delivery/delivery.ts';
import { NotReady } from '../../../lib/errors.ts';
import { parseInstant } from '../../../lib/instant.ts';
import type { Notice } from '../../../lib/policy/notice.ts';
import { findScan } from '../../../lib/registry/scan.ts';
import { type ResponsePorts, respond } from '../../../lib/respond.ts';
import { SEVERITIES, type Severity } from '../../../lib/scan/severity.ts';
import { aDigest, anImageOf } from '../../build/lineage.ts';
import { aRegistered } from '../../build/registered.ts';
import { aWorld, memoryResponse } from '../../doubles/memory-response.ts';
import type { ReadinessPlant } from './planted.ts';
import { ecrSaying, type Saying, type Scene, Throttled } from './scene.ts';

const IMAGE = anImageOf(aDigest('a'));
const STARTED_MS = Date.parse('2026-11-20T03:00:00Z');
const VISIBILITY_SECONDS = 180;

/** What came of a hint: what was queued, after how long, on what ECR said last. */
interface Told {
  readonly notice: Notice | undefined;
  readonly measurement: Measurement | undefined;
  readonly waitedSeconds: number;
  readonly last: Saying;
}

/** Plays one scene with the real code and a clock of its own; gives what is wrong with the answer, if anything. */
export async function readinessVerdict(
  scene: Scene,
  plant: ReadinessPlant = (it) => it,
): Promise<readonly string[]> {
  return complaints(scene, await play(scene, plant));
}

async function play({ promised, sayings }: Scene, plant: ReadinessPlant): Promise<Told> {
  const world = aWorld();
  world.images.set(IMAGE.digest, aRegistered(IMAGE.digest, ['latest']));
  const memory = memoryResponse(world);
  let waitedSeconds = 0;
  let throttles = 0;
  const left = [...sayings];
  const saying = () => left[0] ?? expect.fail('a scene says something');
  const ecr = ecrSaying(() => {
    throttles += 1;
    return { saying: saying(), isThrottled: throttles <= saying().throttles };
  });
  const now = () => new Date(STARTED_MS + waitedSeconds * 1000);
  const ports: ResponsePorts = plant({ ...memory.ports, now, findScan: (image) => findScan(ecr, image) });
  const announced = { at: parseInstant('2026-11-20T03:00:00Z'), counts: promised };
  const look = () => respond(IMAGE, waitedSeconds, ports, { announced }).then(() => undefined, pauseAfter);
  for (let pause = await look(); pause; pause = await look()) {
    waitedSeconds += pause.seconds;
    if (pause.isThrottled) continue;
    throttles = 0;
    if (left.length > 1) left.shift();
  }
  return { ...told(memory.queued), waitedSeconds, last: saying() };
}

/** How long until the queue hands the hint over again. */
function pauseAfter(error: unknown): { readonly seconds: number; readonly isThrottled: boolean } {
  if (error instanceof Throttled) return { seconds: VISIBILITY_SECONDS, isThrottled: true };
  if (error instanceof NotReady) return { seconds: error.retryAfterSeconds, isThrottled: false };
  throw error;
}

function told(queued: readonly Delivery[]): Pick<Told, 'notice' | 'measurement'> {
  return {
    notice: queued.find((it): it is Notice => it.kind === 'notice'),
    measurement: queued.find((it): it is Measurement => it.kind === 'measurement'),
  };
}

type Known = (severity: Severity) => number;

/** Independent of the code under test: from what ECR said last and what the event promised. */
function complaints({ promised }: Scene, answer: Told): readonly string[] {
  const { status, counts, listed } = answer.last;
  const isReadable = ['COMPLETE', 'ACTIVE'].includes(status) && counts !== undefined;
  const counted: Known = (it) => counts?.[it] ?? 0;
  const known: Known = (it) => Math.max(counted(it), listed[it] ?? 0);
  const differs = SEVERITIES.some((it) => counted(it) > (listed[it] ?? 0) || (promised[it] ?? 0) > known(it));
  const late = answer.waitedSeconds > 1800 + 300 + 3 * VISIBILITY_SECONDS;
  return [
    ...(late ? [`waited ${answer.waitedSeconds} s`] : []),
    ...(isReadable ? [] : numbersFromNothing(answer)),
    ...(isReadable ? falseWords(answer, differs) : []),
    ...(isReadable ? tooFew(promised, answer, known) : []),
    ...falseGauges(promised, answer.measurement, known),
  ];
}

function numbersFromNothing({ notice, measurement }: Told): readonly string[] {
  if (measurement || notice?.found) return ['numbers from an unready scan'];
  return notice?.reason === 'not-scanned' ? [] : ['an unready scan was not told as not scanned'];
}

function falseWords({ notice, waitedSeconds }: Told, differs: boolean): readonly string[] {
  const isIncomplete = notice?.listIncomplete ?? false;
  return [
    ...(notice && isIncomplete !== differs ? [`"list incomplete" is ${isIncomplete}, not ${differs}`] : []),
    ...(differs && waitedSeconds < 120 ? [`a short list was told after ${waitedSeconds} s`] : []),
  ];
}

function tooFew(promised: Scene['promised'], { notice }: Told, known: Known): readonly string[] {
  const critical = promised.CRITICAL ?? 0;
  if (!notice) return critical > 0 || known('CRITICAL') > 0 ? ['nobody heard'] : [];
  const { found, listIncomplete = false } = notice;
  if (found && found.counts.CRITICAL !== known('CRITICAL')) return ['other criticals than ECR has'];
  const isSaid = listIncomplete || (found?.counts.CRITICAL ?? -1) >= critical;
  return isSaid ? [] : ['fewer criticals than the event had, and nobody says so'];
}

/** A gauge of zero is a claim; every other number is what ECR says, and never what was only promised. */
function falseGauges(
  promised: Scene['promised'],
  measurement: Measurement | undefined,
  known: Known,
): readonly string[] {
  const { gauges = [], unknown = [] } = measurement ?? {};
  return gauges.flatMap(({ counts }) =>
    SEVERITIES.filter((it) => !unknown.includes(it)).flatMap((it) => [
      ...(counts[it] === 0 && (promised[it] ?? 0) > 0 ? [`a false zero of ${it}`] : []),
      ...(counts[it] === known(it) ? [] : [`${counts[it]} of ${it}, where ECR has ${known(it)}`]),
    ]),
  );
}
