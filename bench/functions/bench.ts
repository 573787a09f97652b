import { playAlerts, scanEvents } from './alert.ts';
import type { Kind } from './findings.ts';
import { scanOf } from './findings.ts';
import type { Job, Measure, Measured } from './measure.ts';
import type { Origins } from './origins.ts';
import { type Build, type OnAlertPath, type Program, programOf } from './programs.ts';
import type { Sample } from './results.ts';

/** What the parts of a run share. */
export interface Bench {
  readonly origins: Origins;
  readonly measure: Measure;
  readonly floor: Program;
  readonly obvious: Program;
  /** Ours, and those that are measured beside it. */
  readonly builds: readonly Build[];
  readonly rounds: number;
  readonly record: (sample: Sample) => void;
  readonly cannot: (why: string) => void;
  readonly say: (progress: string) => void;
}

export interface Load {
  readonly kind: Kind;
  readonly findings: number;
  /** Of which the first is cold. */
  readonly images: number;
  readonly together?: number;
}

type Settings = Omit<Job, 'program' | 'events'>;
type Measuring = (program: Program, measured: Measured, events: number) => void;

/** Has every build of ours do its part of the alert path. With `only` the others do what it needs, and are in no figure. */
export async function measureOurs(
  { origins, measure, builds }: Bench,
  { kind, findings, images, together = 1 }: Load,
  settings: Settings,
  done: Measuring,
  only?: OnAlertPath,
): Promise<void> {
  const scan = scanOf(kind, findings);
  for (const build of builds) {
    await playAlerts(origins, { images, scan, together }, async (name, all) => {
      const program = programOf(build, name);
      // Datadog's queue has two messages for each image.
      const events = all.slice(0, Math.ceil(images / together));
      const isMeasured = !only || only === name;
      // Nothing comes after a sink.
      if (!isMeasured && name.startsWith('deliver-')) return;
      const measured = await measure({ ...settings, program, events });
      if (isMeasured) done(program, measured, events.length);
    });
  }
}

/** How scan-completed is called where the repository was scanned before: of ten findings one is new, and critical. */
const AGAIN = 'scan-completed, known';

/** Has it answer the scan of the next image of a repository, as nearly all are. */
export async function measureAgain(bench: Bench, settings: Settings, done: Measuring): Promise<void> {
  const { origins, measure, builds } = bench;
  for (const build of builds) {
    const work = (isMeasured: boolean) => async (name: OnAlertPath, events: readonly object[]) => {
      if (name.startsWith('deliver-')) return;
      const program = programOf(build, name);
      const measured = await measure({ ...(isMeasured && settings), program, events });
      const renamed = { ...program, name: program.name.replace('scan-completed', AGAIN) };
      if (isMeasured && name === 'scan-completed') done(renamed, measured, events.length);
    };
    const first = { images: 1, scan: scanOf('basic', 10) };
    const repositories = await playAlerts(origins, first, work(false));
    await playAlerts(origins, { images: 1, scan: scanOf('basic', 10, 1), repositories }, work(true));
  }
}

/** The same for the obvious build, which EventBridge calls with one event after the other. */
export async function measureObvious(
  { origins, measure, obvious }: Bench,
  { kind, findings, images }: Load,
  settings: Settings,
  done: Measuring,
): Promise<void> {
  const events = scanEvents(origins, { images, scan: scanOf(kind, findings) });
  done(obvious, await measure({ ...settings, program: obvious, events }), images);
}

/** What a cold start took. */
export function coldValues({ init, first, wallMs, peakCold, loaded, asked, connections }: Measured) {
  return {
    ...{ initMs: init.ms, firstMs: first.ms, coldMs: init.ms + first.ms, cpuMs: init.cpuMs + first.cpuMs },
    ...{ wallMs, peakMiB: peakCold, modules: loaded.modules, undici: Number(loaded.undici) },
    ...{
      connections,
      requests: asked.length,
      bytes: asked.reduce((sum, it) => sum + it.sentBytes + it.gotBytes, 0),
    },
  };
}
