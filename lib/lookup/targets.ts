import type { Instant } from '../instant.ts';
import { together } from '../together.ts';
import type { Target } from './contains.ts';
import type { LookupPorts } from './ports.ts';
import type { ServiceAnswer } from './service.ts';
import { who } from './who.ts';

/** The images that a service runs, or ran at an instant; what is not on record is among them, without a commit. */
export async function targetsIn(
  { ran }: ServiceAnswer,
  at: Instant | undefined,
  ports: LookupPorts,
): Promise<{ readonly targets: readonly Target[]; readonly unresolved: readonly string[] }> {
  const targets = await together(
    ran
      .flatMap(({ repository, digest }) => (digest ? [{ repository, digest }] : []))
      .map(async (image): Promise<Target> => {
        const answer = await who({ ...image.repository, digest: image.digest }, at, ports, { isBrief: true });
        return answer.found === 'one' ? answer : image;
      }),
  );
  return { targets, unresolved: ran.flatMap(({ digest, image }) => (digest ? [] : image)) };
}
