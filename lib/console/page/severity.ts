import type { ScanFact } from '../../scan/scan.ts';
import { countWords, SEVERITIES, type Severity, type SeverityCounts } from '../../scan/severity.ts';
import { h, svg } from './dom.ts';

/** Those that have a bar of their own; the rest is in the words. */
export const BARRED = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'] as const satisfies readonly Severity[];

/** How high a bar is, from 0 to 1: twice as many findings are one step more, so that one is seen beside a thousand. */
export function barHeight(findings: number): number {
  return findings === 0 ? 0 : Math.min(1, (1 + Math.log2(findings)) / 10);
}

/** What a scan counts, in words; a scan that is not there is never "clean". */
export function scanWords(scan: ScanFact | undefined): string {
  if (!scan) return 'no scan on record';
  const open = scan.platforms.filter(({ state }) => state !== 'scanned' && state !== 'gone');
  const words = countWords(scan.counts).join(', ');
  const least = scan.short ? ', list incomplete' : '';
  if (open.length === scan.platforms.length && open.length > 0)
    return `not scanned: ${open[0]?.status ?? 'pending'}`;
  return `${words || 'no findings'}${least}${open.length > 0 ? `, ${open.length} not scanned` : ''}`;
}

/** One small bar for each of the four worst severities. */
export function severityBars(counts: SeverityCounts): SVGElement {
  const bars = BARRED.map((severity, nth) => {
    const height = Math.max(barHeight(counts[severity]) * 22, 1);
    return svg('rect', { class: barClass(severity, counts), x: nth * 7, y: 24 - height, width: 5, height });
  });
  return svg(
    'svg',
    { class: 'bars', viewBox: '0 0 26 24', width: 26, height: 24, 'aria-hidden': 'true' },
    bars,
  );
}

export function barClass(severity: Severity, counts: SeverityCounts): string {
  return counts[severity] > 0 ? `fill-${severity.toLowerCase()}` : 'fill-none';
}

/** The counts as marks, the worst first, zeros left out. */
export function severityMarks(scan: ScanFact | undefined): HTMLElement {
  if (!scan || !SEVERITIES.some((it) => scan.counts[it] > 0))
    return h('span', { class: scan ? 'quiet' : 'doubtful' }, scanWords(scan));
  const marks = SEVERITIES.filter((it) => scan.counts[it] > 0).map((severity) =>
    h(
      'span',
      { class: `mark ${severity.toLowerCase()}` },
      `${scan.counts[severity]} ${severity.toLowerCase()}`,
    ),
  );
  return h(
    'span',
    { class: 'marks' },
    marks,
    scan.short && h('span', { class: 'doubtful' }, 'list incomplete: at least these'),
  );
}
