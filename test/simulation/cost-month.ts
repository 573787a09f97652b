import type { BilledFor } from './cost-model.ts';
import { MONTHLY_PRICES, PRICES } from './prices.ts';

const MINUTES = 43_800;
/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html, each for 20 s. */
const [POLLERS, POLLS_A_MINUTE] = [5, 3];

/** What there is of each in a deployment. */
export interface Standing {
  readonly alarms: number;
  /** That functions count into CloudWatch: by name and function. */
  readonly metrics: number;
  /** That Lambda asks. */
  readonly queues: number;
  /** How often a function runs by itself, in minutes. */
  readonly schedules: Readonly<Record<string, number>>;
}

export interface MonthlyRow {
  readonly what: string;
  readonly quantity: string;
  readonly usd: number;
}

/** What a month costs in which nothing is pushed, by row; dollars of us-east-1. */
export function costOfMonth({ alarms, metrics, queues, schedules }: Standing, billedFor: BilledFor) {
  const polls = (queues * POLLERS * POLLS_A_MINUTE * MINUTES) / 1e6;
  const runs = Object.entries(schedules).map(([name, everyMinutes]): MonthlyRow => {
    const count = MINUTES / everyMinutes;
    const { seconds, gigabytes } = billedFor(name);
    const gigabyteSeconds = count * seconds * gigabytes;
    const usd = (count * PRICES.invocations.usd + gigabyteSeconds * PRICES.gigabyteSeconds.usd) / 1e6;
    return { what: name, quantity: `${count} runs, ${Math.round(gigabyteSeconds)} GB s`, usd };
  });
  const rows: readonly MonthlyRow[] = [
    {
      what: 'Lambda asks whether there is something',
      quantity: `${queues} queues × ${POLLERS} pollers × ${POLLS_A_MINUTE} a minute: ${polls.toFixed(1)} million requests`,
      usd: polls * PRICES.queueRequests.usd,
    },
    { what: 'alarms', quantity: String(alarms), usd: alarms * MONTHLY_PRICES.alarms.usd },
    {
      what: 'metrics that functions count',
      quantity: String(metrics),
      usd: metrics * MONTHLY_PRICES.metrics.usd,
    },
    ...runs,
  ];
  return rows;
}
