import type { ReconcilePorts } from '../../../lib/reconcile/ports.ts';
import type { Walk } from '../../../lib/reconcile/reconcile.ts';
import type { Table } from '../../../lib/store/table.ts';
import { type Life, life } from '../life.ts';
import { packagedNumber, packagedWalk } from '../packaged.ts';
import { type Registry, registryOf } from '../registry.ts';
import { askRegistry, type Ground, POLICY, type Surface, sqsOf, tableOf } from './ground.ts';

/** The reconciler's schedule, and what its runs did. */
export interface Reconciler {
  /** Runs it every quarter of an hour, from a quarter of an hour from now on, until it is told that it may rest. */
  readonly start: (mayRest: () => boolean) => void;
  /** Of runs that came to their end. */
  readonly walks: readonly Walk[];
  readonly counts: { runs: number; deaths: number };
}

const EVERY_MS = 15 * 60_000;
const PATIENCE = { graceSeconds: 300, overdueSeconds: packagedNumber('scanOverdueSeconds') };
const PACKAGED = packagedWalk();

/** functions/reconcile.ts with its limits, in a registry that lists the ground's world. */
export function reconciler(ground: Ground, callsPerSecond: number = PACKAGED.callsPerSecond): Reconciler {
  const { chance, clock, faults, world } = ground;
  const registry = registryOf(world);
  const walks: Walk[] = [];
  const counts = { runs: 0, deaths: 0 };
  // As long a way at the rate of the other functions would never end: of five walks one dies.
  const crashRate = faults.crash === 0 ? 0 : 0.2 / (4 * world.images.length);

  async function run(): Promise<void> {
    const alive = life(chance, crashRate);
    const { timeoutSeconds, reserveMs } = PACKAGED;
    const endsAt = new Date(clock.nowMs() + timeoutSeconds * 1000 - reserveMs);
    clock.at(clock.nowMs() + timeoutSeconds * 1000, alive.expire);
    counts.runs += 1;
    const surface = ground.surfaceOf();
    const ports = reconcilePorts(ground, surface, registry, alive, callsPerSecond);
    const walk = await Promise.race([surface.reconcile(endsAt, ports), alive.died]);
    if (walk) walks.push(walk);
    else counts.deaths += 1;
  }

  return {
    walks,
    counts,
    start(mayRest) {
      const next = (): void => {
        if (mayRest()) return;
        clock.at(clock.nowMs() + EVERY_MS, next);
        void run();
      };
      clock.at(clock.nowMs() + EVERY_MS, next);
    },
  };
}

function reconcilePorts(
  ground: Ground,
  surface: Surface,
  registry: Registry,
  alive: Life,
  callsPerSecond: number,
): ReconcilePorts {
  const { clock } = ground;
  const { now, sleep } = clock;
  const lineage = patient(tableOf(ground, 'lineage', alive));
  const ledger = patient(tableOf(ground, 'ledger', alive));
  const sqs = sqsOf(ground, alive);
  return {
    now,
    pace: surface.tokenBucket(callsPerSecond, { now, sleep }),
    policyOf: async () => POLICY,
    loadBaselines: async (repository) => surface.loadBaselines?.(ledger, repository) ?? new Map(),
    patience: PATIENCE,
    members: [],
    listRepositories: () => askRegistry(ground, alive, () => registry.listRepositories()),
    listImages: (repository, token) =>
      askRegistry(ground, alive, () => registry.listImages(repository, clock.nowMs(), token)),
    peekScan: (image) => askRegistry(ground, alive, () => registry.peekScan(image, clock.nowMs())),
    loadHeads: (repository) => surface.loadHeads(lineage, repository),
    saveTagHint: (name, hint) => surface.saveTagHint(lineage, name, hint),
    loadImage: (image) => surface.loadImage(lineage, image),
    findParents: (image) => surface.findParents(lineage, image),
    loadLatestScan: (image) => surface.loadLatestScan(ledger, image),
    loadScanHint: (image) => surface.loadScanHint(ledger, image),
    saveScanHint: (image, mark) => surface.saveScanHint(ledger, image, mark),
    loadVerification: (repository) => surface.loadVerification(lineage, repository),
    saveVerification: (repository, it) => surface.saveVerification(lineage, repository, it),
    loadCursor: () => surface.loadCursor(lineage),
    saveCursor: (after) => surface.saveCursor(lineage, after),
    sendPushes: (bodies) => surface.sendHints(sqs, 'pushes', bodies),
    sendScans: (bodies) => surface.sendHints(sqs, 'scans', bodies),
  };
}

/** The SDK tries what is throttled three times; a walk of thousands of calls would not end without. */
function patient({ name, client }: Table): Table {
  async function send(command: never): Promise<unknown> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await client.send(command);
      } catch (error) {
        if (tries === 3 || !(error instanceof Error) || !error.name.includes('Throughput')) throw error;
      }
    }
  }
  return { name, client: { send } as unknown as Table['client'] };
}
