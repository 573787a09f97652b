import type { Page } from 'playwright-core';

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds: when, how long by the clock, and how long in processor time. */
  readonly ts: number;
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

interface MainThread {
  readonly longestMs: number;
  /** Processor time of all tasks that began before an instant of the trace. */
  readonly work: (untilTs: number) => number;
  /** When the first event of this name was. */
  readonly at: (name: string) => number;
}

/** What the page's main thread did while `act` ran, in processor time, as Chromium traces it. */
export async function mainThread(page: Page, act: () => Promise<void>): Promise<MainThread> {
  const browser = page.context().browser();
  if (!browser) throw new Error('the page has no browser');
  await browser.startTracing(page, {
    categories: ['-*', 'toplevel', 'loading', 'devtools.timeline', '__metadata'],
  });
  await act();
  const trace = JSON.parse((await browser.stopTracing()).toString()) as {
    readonly traceEvents: readonly TraceEvent[];
  };
  const events = trace.traceEvents;
  const mains = new Set(
    events.flatMap(({ name, args, pid, tid }) =>
      name === 'thread_name' && args.name === 'CrRendererMain' ? `${pid} ${tid}` : [],
    ),
  );
  const tasks = events.filter(
    ({ name, ph, pid, tid }) => name.endsWith('RunTask') && ph === 'X' && mains.has(`${pid} ${tid}`),
  );
  const workMs = ({ tdur = 0 }: TraceEvent) => tdur / 1000;
  return {
    longestMs: Math.max(0, ...tasks.map(workMs)),
    work: (untilTs) => tasks.filter(({ ts }) => ts <= untilTs).reduce((sum, it) => sum + workMs(it), 0),
    at(name) {
      const event = events.find((it) => it.name === name);
      if (!event) throw new Error(`nothing called ${name} in the trace`);
      return event.ts;
    },
  };
}
