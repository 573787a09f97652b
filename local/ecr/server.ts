import { type Endpoint, type LocalRequest, type LocalResponse, serve } from '../http.ts';
import { jsonProtocol, type Operation, ServiceFault } from '../json-protocol.ts';
import { ecrOperations } from './operations.ts';
import type { Registry } from './registry.ts';

export interface EcrServer extends Endpoint {
  /** Makes the next calls of one operation fail, `fail('BatchGetImage', 2, 'ThrottlingException')`. */
  fail(operation: string, times: number, code: string): void;
  /** Forgets what was to fail. */
  heal(): void;
}

/** Serves the registry as ECR's API, and its blobs where GetDownloadUrlForLayer points to. */
export async function startEcr(registry: Registry): Promise<EcrServer> {
  let origin = '';
  const planned: { readonly operation: string; readonly code: string }[] = [];
  const operations = ecrOperations(
    registry,
    (repository, digest) => `${origin}/blobs/${encodeURIComponent(repository)}/${digest}`,
  );
  const failing = Object.entries(operations).map(([name, operation]): [string, Operation] => [
    name,
    (input) => {
      const index = planned.findIndex((plan) => plan.operation === name);
      const [plan] = index < 0 ? [] : planned.splice(index, 1);
      if (plan) throw new ServiceFault(plan.code, 'as planned', plan.code === 'ServerException' ? 500 : 400);
      return operation(input);
    },
  ]);
  const api = jsonProtocol(Object.fromEntries(failing));
  const endpoint = await serve((request) =>
    request.method === 'GET' ? download(registry, request) : api(request),
  );
  origin = endpoint.url;
  return {
    ...endpoint,
    fail(operation, times, code) {
      if (!operations[operation]) throw new Error(`ECR here has no operation ${operation}`);
      for (let n = 0; n < times; n++) planned.push({ operation, code });
    },
    heal: () => void planned.splice(0),
  };
}

function download(registry: Registry, { path }: LocalRequest): LocalResponse {
  const [, , repository = '', digest = ''] = path.split('/').map(decodeURIComponent);
  const body = registry.find(repository)?.blobs.get(digest);
  if (body === undefined) return { status: 404 };
  return { status: 200, headers: { 'content-length': String(Buffer.byteLength(body)) }, body };
}
