import type { Dashboard } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v1/models/Dashboard.js';
import type { Monitor } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v1/models/Monitor.js';
import type { MonitorUpdateRequest } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v1/models/MonitorUpdateRequest.js';
import { ObjectSerializer } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v1/models/ObjectSerializer.js';
import { DatadogFailure } from '../../datadog/failure.ts';
import type { JsonObject } from '../../datadog/json.ts';

interface Models {
  readonly Monitor: Monitor;
  readonly MonitorUpdateRequest: MonitorUpdateRequest;
  readonly Dashboard: Dashboard;
}

/** A document of ours as the client's model, to be sent. */
export function model<Name extends keyof Models>(name: Name, document: JsonObject): Models[Name] {
  return ObjectSerializer.deserialize(document, name, '');
}

/**
 * Throws DatadogFailure for a document of which the client does not know every key and value. It would send them as
 * they are, or leave them out without a word.
 */
export function checkModel(name: keyof Models, document: JsonObject): void {
  const odd = oddities(model(name, document));
  if (odd.length > 0)
    throw new DatadogFailure(`not a ${name} as Datadog's client knows it: look at ${odd.join(', ')}`);
}

/** Where the client left its marks of what it does not know; the marks themselves are its own, in every model. */
function oddities(it: unknown, path = ''): readonly string[] {
  if (typeof it !== 'object' || it === null) return [];
  const { _unparsed, additionalProperties = {} } = it as {
    _unparsed?: unknown;
    additionalProperties?: object;
  };
  return [
    ...(_unparsed ? [path || 'its type'] : []),
    ...Object.keys(additionalProperties).map((key) => `${path}.${key}`),
    ...Object.entries(it)
      .filter(([key]) => key !== '_data' && key !== 'additionalProperties')
      .flatMap(([key, value]) => oddities(value, path ? `${path}.${key}` : key)),
  ];
}
