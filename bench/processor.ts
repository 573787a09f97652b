import { readFileSync } from 'node:fs';

/** Of /proc, in a second. */
const TICKS = 100;

/** The milliseconds of the processor that a process took so far, and its children now. Linux only. */
export function processorMs(pid: number): { readonly own: number; readonly children: number } {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return { own: tookMs(pid), children: children.reduce((sum, it) => sum + tookMs(Number(it)), 0) };
}

function tookMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is a name in brackets, with blanks of its own.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) / TICKS) * 1000;
}
