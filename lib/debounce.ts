import type { Image } from './image/reference.ts';
import { type Instant, toInstant } from './instant.ts';
import type { FindingHint } from './intake/event.ts';
import { together } from './together.ts';

/** What gathering findings needs from outside. */
export interface DebouncePorts {
  readonly now: () => Date;
  /** How long the findings of one image are gathered before its scan is read again. */
  readonly windowSeconds: number;
  /** Writes down that the scan is read again at `dueMs`, unless it is to be after `coveredMs` anyway: then false. */
  readonly planReading: (image: Image, dueMs: number, coveredMs: number) => Promise<boolean>;
  /** Puts a scan hint of ours on the scans queue, visible after so many seconds. */
  readonly hintLater: (image: Image, id: string, at: Instant, delaySeconds: number) => Promise<void>;
}

/** Clocks of two workers may differ by a tenth of the window. */
const SKEW = 0.1;

/**
 * Hundreds of findings of one image become one reading of its scan: the first plans it for the end of the window,
 * the others see that it is still to come. A finding that comes while it runs, or after, plans the next: every
 * finding is followed by a reading that begins later. A crash between plan and hint loses nothing either: this
 * finding comes back after the window (visibility 180 s) and plans again. Returns how many readings it planned.
 */
export async function debounce({ images, eventId }: FindingHint, ports: DebouncePorts): Promise<number> {
  const { windowSeconds } = ports;
  const planned = await together(
    images.map(async (image) => {
      const now = ports.now();
      const dueMs = now.getTime() + windowSeconds * 1000;
      const coveredMs = now.getTime() + windowSeconds * SKEW * 1000;
      if (!(await ports.planReading(image, dueMs, coveredMs))) return 0;
      await ports.hintLater(image, eventId, toInstant(now), windowSeconds);
      return 1;
    }),
  );
  return planned.reduce<number>((sum, one) => sum + one, 0);
}
