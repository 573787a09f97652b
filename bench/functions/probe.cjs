// `node --require route.cjs probe.cjs <job file> <result file>`: one process that loads a handler, once, and gives it
// events, one after the other, as Lambda does. What it writes down is in milliseconds and MiB.
const { appendFileSync, readFileSync, writeFileSync } = require('node:fs');
const { argv, cpuUsage, exit, pid } = process;

/**
 * @typedef {object} Job
 * @property {string} file
 * @property {string} exportName
 * @property {readonly object[]} events the first is the cold one
 * @property {number} warmUp how many after the first are not measured
 * @property {string} [cpuGroup] joined after loading: Lambda throttles calls, and not what comes before them
 */

const [, , jobFile = '', resultFile = ''] = argv;
/** @type {Job} */
const job = JSON.parse(readFileSync(jobFile, 'utf8'));
const context = {
  awsRequestId: '00000000-0000-4000-8000-000000000000',
  functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
  getRemainingTimeInMillis: () => 290_000,
};

/** @param {number} sinceMs @param {NodeJS.CpuUsage} [since] */
function spent(sinceMs, since) {
  const { user, system } = cpuUsage(since);
  return { ms: performance.now() - sinceMs, cpuMs: (user + system) / 1000 };
}

async function load() {
  const { file, exportName } = job;
  const loaded = file.endsWith('.mjs') ? await import(file) : require(file);
  return loaded[exportName] ?? loaded.default?.[exportName];
}

/**
 * The most memory that it ever had. Not `resourceUsage().maxRSS`: the kernel counts in what the parent had when it
 * started this process.
 */
function peakMiB() {
  const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return kilobytes ? Number(kilobytes) / 1024 : process.resourceUsage().maxRSS / 1024;
}

/** @param {unknown} answer */
function failuresIn(answer) {
  return Object(answer).batchItemFailures?.length ?? 0;
}

async function run() {
  const { events, warmUp, cpuGroup } = job;
  let [atMs, cpu] = [performance.now(), cpuUsage()];
  const handler = await load();
  const init = spent(atMs, cpu);
  if (cpuGroup) appendFileSync(cpuGroup, String(pid));
  [atMs, cpu] = [performance.now(), cpuUsage()];
  let failures = failuresIn(await handler(events[0], context));
  const first = spent(atMs, cpu);
  const peakCold = peakMiB();
  const modules = Reflect.get(process, 'moduleLoadList');
  const loaded = {
    modules: modules.length,
    undici: modules.some((/** @type {string} */ it) => /undici/.test(it)),
  };
  for (const event of events.slice(1, 1 + warmUp)) failures += failuresIn(await handler(event, context));
  const warmMs = [];
  cpu = cpuUsage();
  for (const event of events.slice(1 + warmUp)) {
    atMs = performance.now();
    failures += failuresIn(await handler(event, context));
    warmMs.push(performance.now() - atMs);
  }
  const warm = { each: warmMs, cpuMs: spent(0, cpu).cpuMs };
  writeFileSync(
    resultFile,
    JSON.stringify({ init, first, warm, peakCold, peak: peakMiB(), loaded, failures }),
  );
}

run().then(
  () => exit(0),
  (error) => {
    process.stderr.write(`${error?.stack ?? error}\n`);
    exit(1);
  },
);
