import { setTimeout as sleep } from 'node:timers/promises';
import { type Endpoint, type LocalRequest, type LocalResponse, serve } from '../http.ts';
import type { RunningFunctions } from '../lambda/functions.ts';
import type { GatewayDefinition, GatewayRoute } from './definition.ts';
import { eventOf } from './event.ts';
import { replyOf, said } from './reply.ts';
import { matchRoute } from './route.ts';
import { callerOf } from './signature.ts';
import { createThrottle } from './throttle.ts';

export interface GatewayOptions extends Pick<RunningFunctions, 'invoke'> {
  readonly account: string;
  readonly region: string;
  /** Secret keys by access key; default: those that the functions and the story have. */
  readonly keys?: ReadonlyMap<string, string>;
  readonly now?: () => Date;
}

type Limited = GatewayRoute & { readonly mayPass: () => boolean };

/**
 * Serves an HTTP API of API Gateway: its routes, its limits, who may ask (Signature Version 4, verified), payload 2.0.
 * That a key may call a route is not asked: there are no policies here.
 */
export function startGateway(
  { name, routes }: GatewayDefinition,
  { account, region, keys = LOCAL_KEYS, now = () => new Date(), invoke }: GatewayOptions,
): Promise<Endpoint> {
  const limited: readonly Limited[] = routes.map((route) => ({
    ...route,
    mayPass: createThrottle(route, () => now().getTime()),
  }));
  return serve(async (request) => {
    const { route, pathParameters = {} } = find(limited, request);
    if (!route) return said(404, 'Not Found');
    const caller = callerOf(request, { region, keys, now });
    if (route.authorization === 'AWS_IAM' && !caller) return said(403, 'Forbidden');
    if (!route.mayPass()) return said(429, 'Too Many Requests');
    const place = { api: name, account, at: now() };
    const isSigned = route.authorization === 'AWS_IAM';
    const asked = { request, routeKey: route.key, pathParameters, ...place, ...(isSigned && { caller }) };
    const answering = invoke(route.functionName, eventOf(asked)).then(replyOf);
    return inTime(answering, route.timeoutMs);
  });
}

const LOCAL_KEYS: ReadonlyMap<string, string> = new Map([['local', 'local']]);

function find(routes: readonly Limited[], { method, path }: LocalRequest) {
  const [name = '/'] = path.split('?');
  for (const route of routes) {
    const pathParameters = matchRoute(route.key, method, name);
    if (pathParameters) return { route, pathParameters };
  }
  return {};
}

async function inTime(answering: Promise<LocalResponse>, timeoutMs: number): Promise<LocalResponse> {
  const over = new AbortController();
  const late = sleep(timeoutMs, said(503, 'Service Unavailable'), { signal: over.signal });
  late.catch(() => undefined);
  try {
    return await Promise.race([answering, late]);
  } finally {
    over.abort();
  }
}
