import type { PlatformImage } from '../image/manifest.ts';
import type { RegisteredImage } from '../image/record.ts';
import type { Image } from '../image/reference.ts';
import type { Reading } from '../scan/scan.ts';
import { type Judgement, judge, mayChange, type Question } from './judge.ts';

/** What the gate needs from outside. */
export interface GatePorts {
  /** Milliseconds of a clock that only goes forward. */
  readonly clockMs: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
  /** The platforms of an image index; undefined when it is gone. */
  readonly findPlatforms: (index: Image) => Promise<readonly PlatformImage[] | undefined>;
  readonly findScan: (image: Image) => Promise<Reading>;
  /** Whether a failed call may work later. */
  readonly mayPass: (error: unknown) => boolean;
  /** Hears before each pause what is known so far; undefined when the registry could not be asked. */
  readonly onWait: (waitedMs: number, so: Judgement | undefined) => void;
}

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 15_000;

/** What came out, and after how long. */
export interface Waited {
  readonly judgement: Judgement;
  readonly waitedMs: number;
}

/**
 * Judges an image, and again until nothing can change any more or `waitMs` have gone by; 0: looks once. Pauses double
 * up to 15 s. A call that fails and may work later is a pause, too; throws the error of the last one, and any other.
 */
export async function gate(
  { image, kind }: RegisteredImage,
  question: Question,
  waitMs: number,
  ports: GatePorts,
): Promise<Waited> {
  const startedMs = ports.clockMs();
  const look = lookAt(image, kind === 'index', ports);
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs)) {
    const leftMs = waitMs - (ports.clockMs() - startedMs);
    const readings = await look().catch((error: unknown): undefined => {
      if (leftMs <= 0 || !ports.mayPass(error)) throw error;
    });
    const judgement = readings && judge(kind, readings, question);
    const waitedMs = ports.clockMs() - startedMs;
    if (judgement && (leftMs <= 0 || !mayChange(judgement))) return { judgement, waitedMs };
    ports.onWait(waitedMs, judgement);
    await ports.sleep(Math.max(0, Math.min(pauseMs, leftMs)));
  }
}

/** Reads every platform; what has been read whole is not read again. */
function lookAt({ repository, digest }: Image, isIndex: boolean, ports: GatePorts) {
  const settled = new Map<string, Reading>();
  let platforms: readonly (Pick<PlatformImage, 'digest'> & Partial<PlatformImage>)[] | undefined;
  return async () => {
    platforms ??= isIndex ? ((await ports.findPlatforms({ repository, digest })) ?? []) : [{ digest }];
    return Promise.all(
      platforms.map(async (image) => {
        const known = settled.get(image.digest);
        const reading = known ?? (await ports.findScan({ repository, digest: image.digest }));
        if (reading.state !== 'pending' && !(reading.state === 'scanned' && reading.short))
          settled.set(image.digest, reading);
        return { image, reading };
      }),
    );
  };
}
