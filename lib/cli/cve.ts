import { BadReference } from '../errors.ts';
import { safeText, untrusted } from '../image/untrusted.ts';
import { type Period, toInstant } from '../instant.ts';
import { isFindingId } from '../scan/indexed-image.ts';
import type { Command, Options, Output } from './command.ts';
import { PERIOD } from './options.ts';
import { parseTime } from './time.ts';

export const cveCommand: Command = {
  usage: 'cve <CVE-…> [--from TIME [--to TIME]]',
  summary: 'Which images have a finding, and which services run them, or ran them in a time.',
  options: PERIOD,
  takesReference: 'always',
  async run(text, options, { lookup }): Promise<Output> {
    if (!isFindingId(text))
      throw new BadReference(
        `not the id of a finding: ${JSON.stringify(safeText(untrusted(text), 40))}. Try CVE-2026-1234 or GHSA-…`,
      );
    const ports = await lookup();
    const period = periodOf(options, ports.now());
    // Nobody else who looks something up needs it.
    const { cveReport } = await import('./cve-report.ts');
    return cveReport(text, period, ports);
  },
};

function periodOf({ from, to, fold }: Options, now: Date): Period | undefined {
  if (from === undefined && to === undefined) return undefined;
  if (from === undefined) throw new BadReference('say from when with --from; --to alone begins nowhere');
  const period = {
    from: parseTime(from, now, { fold }),
    to: to === undefined ? toInstant(now) : parseTime(to, now, { fold }),
  };
  if (period.from > period.to) throw new BadReference('--from is later than --to');
  return period;
}
