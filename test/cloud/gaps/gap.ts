import { ECRClient } from '@aws-sdk/client-ecr';
import { type Clients, openClients } from '../clients.ts';
import { type Emulators, startEmulators } from '../emulators.ts';
import { openScanner, type Scanner } from '../scanner.ts';

/** What is looked at, how ministack 1.4.21 or moto 5.2.4 did it, what is seen now. */
export type Gap = readonly [what: string, then: string, now: unknown, look: (at: Scene) => Promise<unknown>];

/** The emulators as their makers made them, and clients of both. */
export interface Scene extends Clients {
  readonly emulators: Emulators;
  readonly scanner: Scanner;
  readonly motoEcr: ECRClient;
  readonly stop: () => Promise<void>;
}

/** Starts the emulators without anything of ours. */
export async function openScene(): Promise<Scene> {
  const emulators = await startEmulators({ plain: true });
  const clients = openClients(emulators);
  const scanner = openScanner(emulators);
  const motoEcr = new ECRClient({ ...emulators.client, endpoint: emulators.motoUrl ?? '' });
  return {
    ...{ ...clients, emulators, scanner, motoEcr },
    async stop() {
      clients.close();
      scanner.close();
      motoEcr.destroy();
      await emulators.stop();
    },
  };
}

/** The answer, or the name of the error. */
export function orError<T>(answer: Promise<T>): Promise<T | string> {
  return answer.catch((error: Error) => error.name);
}
