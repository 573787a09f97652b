import { type Endpoint, serve } from '../../../local/http.ts';
import {
  type ImageActionEvent,
  type ManifestTypes,
  manifestPushes,
  type Notification,
  toImageAction,
} from './notification.ts';

/**
 * Takes docker-registry's notifications and hands each push on as the event that ECR would have sent.
 * What `send` throws becomes a 500, after which the registry notifies again.
 */
export async function startBridge(
  send: (events: readonly ImageActionEvent[]) => Promise<void>,
): Promise<Endpoint> {
  return serve(async ({ body }) => {
    const pushes = manifestPushes(JSON.parse(body) as Notification);
    const events = await Promise.all(
      pushes.map(async (push) =>
        toImageAction(push, await readTypes(push.target.url, push.target.mediaType)),
      ),
    );
    if (events.length > 0) await send(events);
    return { status: 200 };
  });
}

/** ECR reads the manifest that was pushed; docker-registry tells its address only. */
async function readTypes(url: string, accept: string): Promise<ManifestTypes> {
  const response = await fetch(url, { headers: { accept } });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return (await response.json()) as ManifestTypes;
}
