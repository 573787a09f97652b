import { sqsEvent } from '../../local/lambda/sqs-event.ts';
import { newRepository, playAlerts } from './alert.ts';
import { exponentOf } from './figure.ts';
import { type Kind, scanOf } from './findings.ts';
import type { Measure, Measured } from './measure.ts';
import type { Origins } from './origins.ts';
import { type Build, type OnAlertPath, programOf } from './programs.ts';

/** What one call of a function took when there was so much of something. */
interface Point {
  readonly n: number;
  readonly values: Readonly<Record<(typeof COSTS)[number], number>>;
}

export interface Curve {
  readonly program: string;
  /** What there is more and more of. */
  readonly over: string;
  readonly points: readonly Point[];
}

export const COSTS = ['requests', 'kB', 'CPU ms', 'peak MiB', 'WRU', 'RRU'] as const;

/** What the curves are measured with; units are counted. */
export interface Field {
  readonly origins: Origins;
  readonly measure: Measure;
  readonly build: Build;
  readonly say: (progress: string) => void;
}

/** Up to so many, in tenfold steps. */
function steps(from: number, to: number): readonly number[] {
  return from > to ? [] : [from, ...steps(from * 10, to)];
}

/** The first scan of an image, over its findings. */
export async function overFindings(field: Field, kind: Kind, most: number): Promise<Curve> {
  const points: Point[] = [];
  for (const n of steps(10, most)) {
    field.say(`scan-completed, ${n} ${kind} findings`);
    await playAlerts(field.origins, { images: 1, scan: scanOf(kind, n) }, async (name, events) => {
      if (name === 'image-pushed') await field.measure({ program: programOf(field.build, name), events });
      if (name === 'scan-completed') points.push(await pointOf(field, name, n, events));
    });
  }
  return { program: 'scan-completed', over: `${kind} findings`, points };
}

/** One more tag for an image, over the tags that it has. */
export async function overTags(field: Field, most: number): Promise<Curve> {
  const { origins, measure, build } = field;
  const { registry, bus, queues } = origins;
  const repository = newRepository();
  const { digest } = registry.push(repository, {});
  const points: Point[] = [];
  let tags = 0;
  const tell = (count: number): readonly object[] => {
    for (let nth = 0; nth < count; nth += 1) {
      tags += 1;
      for (const event of registry.retag(repository, digest, `v1.0.${tags}`)) bus.put(event);
    }
    const queue = queues.get('PushesQueue');
    const messages = queue?.receive(count) ?? [];
    for (const { receiptHandle } of messages) queue?.delete(receiptHandle);
    return messages.map((message) => sqsEvent([message], String(queue?.settings.arn)));
  };
  for (const n of steps(1, most)) {
    field.say(`image-pushed, ${n} tags`);
    const before = tell(n - tags);
    if (before.length > 0) await measure({ program: programOf(build, 'image-pushed'), events: before });
    points.push(await pointOf(field, 'image-pushed', n, tell(1)));
  }
  return { program: 'image-pushed', over: 'tags of the image', points };
}

/** A walk, over the repositories that there are; each has one image that was told of. */
export async function overRepositories(field: Field, most: number): Promise<Curve> {
  const { registry } = field.origins;
  const points: Point[] = [];
  for (const n of steps(10, most)) {
    field.say(`reconcile, ${n} repositories`);
    while (registry.names().length < n) registry.push(newRepository(), { tags: ['latest'] });
    points.push(await pointOf(field, 'reconcile', n, [{ source: 'aws.events' }]));
  }
  return { program: 'reconcile', over: 'repositories', points };
}

/** One batch of a queue, over its messages. */
export async function overBatch(field: Field, sizes: readonly number[]): Promise<readonly Curve[]> {
  const curves = new Map<OnAlertPath, Point[]>();
  for (const n of sizes) {
    field.say(`batches of ${n}`);
    const scan = scanOf('basic', 10);
    await playAlerts(field.origins, { images: n, scan, together: n }, async (name, events) => {
      const point = await pointOf(field, name, n, events.slice(0, 1));
      curves.set(name, [...(curves.get(name) ?? []), point]);
    });
  }
  return [...curves].map(([program, points]) => ({ program, over: 'messages of a batch', points }));
}

async function pointOf(field: Field, name: string, n: number, events: readonly object[]): Promise<Point> {
  const { origins, measure, build } = field;
  const before = origins.unitsSoFar();
  const measured = await measure({ program: programOf(build, name), events });
  const after = origins.unitsSoFar();
  const units = { WRU: after.write - before.write, RRU: after.read - before.read };
  return { n, values: { ...costsOf(measured), ...units } };
}

function costsOf({ asked, first, peak }: Measured) {
  const bytes = asked.reduce((sum, it) => sum + it.sentBytes + it.gotBytes, 0);
  return { requests: asked.length, kB: bytes / 1000, 'CPU ms': first.cpuMs, 'peak MiB': peak };
}

/** The exponent over all points, and over the last step, where what is the same for all sizes weighs least. */
export function exponentsOf({ points }: Curve, cost: (typeof COSTS)[number]): readonly [number, number] {
  const pairs = points.map(({ n, values }) => [n, values[cost]] as const);
  return [exponentOf(pairs), exponentOf(pairs.slice(-2))];
}

/** More than in step with what it grows over, by more than CPU and memory differ from one time to the next. */
export function isSuperLinear(curve: Curve, cost: (typeof COSTS)[number]): boolean {
  return exponentsOf(curve, cost)[1] > 1.1;
}
