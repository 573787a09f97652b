import { DashboardsApi } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v1/apis/DashboardsApi.js';
import { MonitorsApi } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v1/apis/MonitorsApi.js';
import { DatadogFailure } from '../../datadog/failure.ts';
import { isObject, type Json, type JsonObject, texts } from '../../datadog/json.ts';
import type { DatadogPorts, Found } from '../../datadog/ports.ts';
import { type Access, ask } from './ask.ts';
import { checkModel, model } from './model.ts';

const PER_PAGE = 100;

/** Datadog's monitors and dashboards, over the official client. */
export function managedInDatadog(access: Access): DatadogPorts {
  return {
    find: ({ kind, marks }) =>
      kind === 'monitor' ? findMonitors(marks, access) : findDashboards(marks, access),
    async validate(kind, body) {
      checkModel(kind === 'monitor' ? 'Monitor' : 'Dashboard', body);
      if (kind === 'monitor')
        await ask(
          (to) => new MonitorsApi(to).validateMonitor({ body: model('Monitor', body) }),
          access,
          true,
        );
    },
    async create(kind, body) {
      const made = await ask(
        (to) =>
          kind === 'monitor'
            ? new MonitorsApi(to).createMonitor({ body: model('Monitor', body) })
            : new DashboardsApi(to).createDashboard({ body: model('Dashboard', body) }),
        access,
        false,
      );
      return found(made);
    },
    async replace(kind, id, body) {
      const made = await ask(
        (to) =>
          kind === 'monitor'
            ? new MonitorsApi(to).updateMonitor({
                monitorId: Number(id),
                body: model('MonitorUpdateRequest', body),
              })
            : new DashboardsApi(to).updateDashboard({ dashboardId: id, body: model('Dashboard', body) }),
        access,
        true,
      );
      return found(made);
    },
  };
}

/** Datadog filters by tags; whether it is these tags and no others like them is looked at again here. */
async function findMonitors(marks: readonly string[], access: Access): Promise<readonly Found[]> {
  const all = await pages(async (page) =>
    listed(
      await ask(
        (to) => new MonitorsApi(to).listMonitors({ monitorTags: marks.join(','), page, pageSize: PER_PAGE }),
        access,
        true,
      ),
    ),
  );
  return all.filter(({ tags }) => marks.every((mark) => texts(tags).includes(mark))).map(found);
}

/** There is no filter for dashboards: all of them are listed, and ours known by the words in its description. */
async function findDashboards(marks: readonly string[], access: Access): Promise<readonly Found[]> {
  const all = await pages(async (page) => {
    const where = { count: PER_PAGE, start: page * PER_PAGE };
    const answer = await ask((to) => new DashboardsApi(to).listDashboards(where), access, true);
    return listed(isObject(answer) ? answer.dashboards : undefined);
  });
  const ours = all.filter(({ description }) => {
    const words = String(description ?? '').split(/\s+/);
    return marks.every((mark) => words.includes(mark));
  });
  return Promise.all(
    ours.map(async ({ id }) => {
      const get = { dashboardId: String(id) };
      return found(await ask((to) => new DashboardsApi(to).getDashboard(get), access, true));
    }),
  );
}

/** Every page up to the first that is not full or has nothing new, each thing once: a page may shift while we read. */
async function pages(read: (page: number) => Promise<readonly JsonObject[]>): Promise<readonly JsonObject[]> {
  const all = new Map<Json | undefined, JsonObject>();
  for (let page = 0; ; page++) {
    const before = all.size;
    const some = await read(page);
    for (const it of some) all.set(it.id, it);
    if (some.length < PER_PAGE || all.size === before) return [...all.values()];
  }
}

function listed(answer: unknown): readonly JsonObject[] {
  if (!Array.isArray(answer)) throw new DatadogFailure('Datadog answered with something that is not a list');
  return answer.filter(isObject);
}

function found(document: unknown): Found {
  const id = isObject(document) ? document.id : undefined;
  if (!isObject(document) || (typeof id !== 'string' && typeof id !== 'number'))
    throw new DatadogFailure('Datadog answered without an id');
  return { id: String(id), document };
}
