import type { Declared } from './declared.ts';
import type { JsonObject } from './json.ts';

/** What is in Datadog, with its id. */
export interface Found {
  readonly id: string;
  /** As Datadog wrote it. */
  readonly document: JsonObject;
}

/** Datadog's API of monitors and dashboards. Everything throws DatadogFailure. */
export interface DatadogPorts {
  /** Everything that bears all of the marks; for a dashboard, the whole of it. */
  readonly find: (wanted: Pick<Declared, 'kind' | 'marks'>) => Promise<readonly Found[]>;
  /** Asks Datadog whether it would take this; changes nothing. Dashboards cannot be asked about. */
  readonly validate: (kind: Declared['kind'], body: JsonObject) => Promise<void>;
  readonly create: (kind: Declared['kind'], body: JsonObject) => Promise<Found>;
  readonly replace: (kind: Declared['kind'], id: string, body: JsonObject) => Promise<Found>;
}
