import { type Delivery, type Heartbeat, isHeartbeat } from '../../lib/delivery/delivery.ts';
import { BEAT_SECONDS, deliverHeartbeat } from '../../lib/delivery/heartbeat.ts';
import type { Sink } from '../../lib/delivery/sink.ts';
import { formatDelivery, parseDelivery } from '../../lib/delivery/wire.ts';
import { beat, type HeartbeatPorts } from '../../lib/heartbeat/beat.ts';
import { closeDeleted } from '../../lib/heartbeat/close.ts';
import type { Digest } from '../../lib/image/digest.ts';
import { parseTag } from '../../lib/image/reference.ts';
import { type Instant, toInstant } from '../../lib/instant.ts';
import { FORGOTTEN, type OpenFindings } from '../../lib/policy/open-findings.ts';
import { type ShownReference, shownNoMore } from '../../lib/policy/shown.ts';
import { respond } from '../../lib/respond.ts';
import type { Reading } from '../../lib/scan/scan.ts';
import { gaugeSeries, heartbeatSeries } from '../../lib/sinks/datadog/series.ts';
import { anImageOf, aRepository } from '../build/lineage.ts';
import { aRegistered } from '../build/registered.ts';
import { aWorld, memoryResponse } from '../doubles/memory-response.ts';
import { createMonitor, type MonitorQuery, type Series } from './monitor-model.ts';

const POLICY = { trackedTags: ['latest', 'main'], notifyAt: 'CRITICAL' } as const;

const MINUTE_MS = 60_000;
const START_MS = Date.parse('2026-11-20T03:00:00.000Z');

/** One thing that happens to the repository, so many minutes after the start. */
export type Step =
  | {
      readonly minute: number;
      readonly push: Digest;
      readonly tags: readonly string[];
      readonly reading: Reading;
    }
  | { readonly minute: number; readonly rescan: Digest; readonly reading: Reading }
  | { readonly minute: number; readonly deleted: Digest };

/** What a mutant may put in place of the real thing. */
export interface Plant {
  /** What becomes of the messages of a beat. */
  readonly beat?: (heartbeats: readonly Heartbeat[]) => readonly Heartbeat[];
  /** What becomes of the series before they are posted. */
  readonly series?: (series: readonly Series[], seen: Map<string, number>) => readonly Series[];
}

export interface Timeline {
  readonly query: MonitorQuery;
  readonly steps: readonly Step[];
  readonly minutes: number;
  /** Beats that never run: minutes from the start. */
  readonly lostBeats?: readonly number[];
  /** While Datadog is away nothing arrives and nothing is evaluated. */
  readonly away?: { readonly from: number; readonly until: number };
  /** What waited arrives in the opposite order. */
  readonly lastFirst?: true;
  readonly plant?: Plant;
}

/** Minutes after the start at which something was said, with what. */
export type Told = readonly (readonly [minute: number, to: string, reference: string])[];

/**
 * Plays a timeline minute by minute with the real decisions, the real beats and the real rendering of gauges, and says
 * what the monitor told people. Only tables, queue and clock are in memory.
 */
export async function play(timeline: Timeline): Promise<Told> {
  const { query, minutes, steps, away = NEVER, plant = {} } = timeline;
  const monitor = createMonitor(query);
  const clock = { ms: START_MS };
  const service = createService(() => new Date(clock.ms));
  const queue: string[] = [];
  const seen = new Map<string, number>();
  for (let minute = 0; minute <= minutes; minute += 1) {
    clock.ms = START_MS + minute * MINUTE_MS;
    for (const step of steps.filter((it) => it.minute === minute)) await service.happen(step);
    const beats = isBeat(minute, timeline) ? await service.beat() : [];
    queue.push(...[...service.take(), ...(plant.beat?.(beats) ?? beats)].map((it) => formatDelivery(it)));
    if (minute >= away.from && minute < away.until) continue;
    const posted = await Promise.all(take(queue, timeline).map((body) => seriesOf(body, clock.ms)));
    monitor.submit(plant.series?.(posted.flat(), seen) ?? posted.flat(), clock.ms);
    monitor.evaluate(clock.ms);
  }
  return monitor.transitions.map(({ atMs, group, to }) => [
    (atMs - START_MS) / MINUTE_MS,
    to,
    group.split('image_tag:')[1] ?? '',
  ]);
}

const NEVER = { from: 0, until: 0 };

function take(queue: string[], { lastFirst }: Timeline): readonly string[] {
  const waiting = queue.splice(0);
  return lastFirst ? waiting.reverse() : waiting;
}

function isBeat(minute: number, { lostBeats = [] }: Timeline): boolean {
  return minute % (BEAT_SECONDS / 60) === 0 && !lostBeats.includes(minute);
}

/** What reaches Datadog of a message; an outdated heartbeat is dropped by the real rule. */
async function seriesOf(body: string, nowMs: number): Promise<readonly Series[]> {
  const message = parseDelivery(body);
  const now = new Date(nowMs);
  if (message.kind === 'notice') return [];
  if (!isHeartbeat(message)) return gaugeSeries(message, now);
  const sent: Series[] = [];
  const sink: Sink = {
    name: 'datadog',
    isConfigured: async () => true,
    async send() {
      sent.push(...heartbeatSeries(message));
      return { state: 'sent' };
    },
  };
  await deliverHeartbeat(message, sink, now);
  return sent;
}

/** The functions over one repository in memory. */
function createService(now: () => Date) {
  const world = aWorld();
  const memory = memoryResponse(world);
  const repository = aRepository();
  const known = new Map<string, OpenFindings>();
  const ports = {
    ...memory.ports,
    now,
    policyOf: async () => POLICY,
    loadOpenFindings: async (_: unknown, reference: string) => known.get(reference),
    saveOpenFindings: async (_: unknown, open: OpenFindings) => void known.set(open.reference, open),
  } as const;
  const shown = (): readonly (ShownReference & { readonly digest: Digest })[] =>
    [...known.values()].flatMap((it) =>
      it.shown ? [{ repository, reference: it.reference, shown: it.shown, digest: it.digest }] : [],
    );
  const listShown = async (since: Instant) =>
    shown().filter((it) => it.shown.closedAt === undefined || it.shown.closedAt > since);
  const heartbeat = (said: Heartbeat[]): HeartbeatPorts => ({
    now,
    policyOf: ports.policyOf,
    deployment: 'scan-response-dev-eu-west-1',
    listShown,
    loadAudit: async () => undefined,
    loadAuditTold: async () => undefined,
    saveAuditTold: async () => {},
    enqueue: async (it) => void said.push(it),
  });
  return {
    async happen(step: Step): Promise<void> {
      if ('deleted' in step) return remove(step.deleted);
      const digest = 'push' in step ? step.push : step.rescan;
      if ('push' in step)
        world.images.set(digest, aRegistered(digest, step.tags, { pushedAt: toInstant(now()) }));
      world.scans.set(digest, step.reading);
      await respond(anImageOf(digest), 10_000, ports);
    },
    async beat(): Promise<readonly Heartbeat[]> {
      const said: Heartbeat[] = [];
      await beat(heartbeat(said));
      return said;
    },
    take: (): readonly Delivery[] => memory.queued.splice(0),
  };

  async function remove(digest: Digest): Promise<void> {
    const tags = world.images.get(digest)?.tags ?? [];
    world.images.delete(digest);
    const event = { kind: 'image-action', action: 'delete', eventId: 'e', imageKind: 'image' } as const;
    const at = toInstant(now());
    await closeDeleted(
      { ...event, at, repository, digest, tag: tags[0] ?? parseTag('none') },
      {
        now,
        listOpen: async () => shown().filter((it) => !it.shown.closedAt),
        findImage: async (image) => world.images.get(image.digest),
        loadHead: async () => undefined,
        async closeShown(_, { reference, shown: before }, closedAt) {
          const open = known.get(reference);
          if (open)
            known.set(reference, { ...open, scanKey: FORGOTTEN, shown: shownNoMore(before, closedAt) });
        },
      },
    );
  }
}
