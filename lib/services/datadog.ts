import { setTimeout as sleep } from 'node:timers/promises';
import type { Environment } from '../config.ts';
import type { DatadogPorts } from '../datadog/ports.ts';
import { managedInDatadog } from '../sinks/datadog/managed.ts';
import { datadogAccess } from './datadog-access.ts';

// The composition root of the command that keeps monitors and dashboards.

/** Datadog with the caller's own keys; throws ConfigError when one is missing. `progress` hears of waits. */
export function datadogPorts(env: Environment, progress: (text: string) => void): DatadogPorts {
  const { apiKey, appKey, baseUrl } = datadogAccess(env);
  return managedInDatadog({ apiKey, appKey, baseUrl, sleep, progress });
}
