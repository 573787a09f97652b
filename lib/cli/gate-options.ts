import { BadReference } from '../errors.ts';
import type { Question } from '../gate/judge.ts';
import { parseReference, type Reference } from '../image/reference.ts';
import { safeText, untrusted } from '../image/untrusted.ts';
import { SEVERITIES, type Severity } from '../scan/severity.ts';
import type { Options } from './command.ts';
import { flag } from './options.ts';

const UNITS_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };
const LONGEST_MS = 24 * 3_600_000;

/** Whom the gate is about, what is asked, and for how long it may wait. */
interface Asked {
  readonly reference: Reference;
  readonly question: Question;
  readonly waitMs: number;
}

/** Reads what was typed; throws BadReference with what would be right. */
export function parseGate(text: string, options: Options): Asked {
  const { account, region, onlyFixable = false, wait = '0' } = options;
  const reference = { ...parseReference(text), ...(account && { account }), ...(region && { region }) };
  if (!reference.tag && !reference.digest)
    throw new BadReference(`say which image: ${reference.name}:TAG or ${reference.name}@sha256:…`);
  const limits = SEVERITIES.flatMap((severity) => {
    const max = maxOf(severity, options);
    return max === undefined ? [] : [[severity, max]];
  });
  const question = { limits: Object.fromEntries(limits), onlyFixable, ignored: () => false };
  return { reference, question, waitMs: parseWait(wait) };
}

/** `90s`, `10m`, `1h` or `0`, in milliseconds; a day at most. Throws BadReference. */
export function parseWait(text: string): number {
  if (text === '0') return 0;
  const [, amount = '', unit = ''] = /^(\d{1,5})([smh])$/.exec(text) ?? [];
  const ms = Number(amount) * (UNITS_MS[unit] ?? Number.NaN);
  if (amount !== '' && ms <= LONGEST_MS) return ms;
  throw new BadReference(
    `--wait takes 90s, 10m, 1h or 0, a day at most, not ${JSON.stringify(safeText(untrusted(text), 40))}`,
  );
}

function maxOf(severity: Severity, options: Options): number | undefined {
  const name = `max${severity.charAt(0)}${severity.slice(1).toLowerCase()}` as keyof Options;
  const text = options[name] ?? (severity === 'CRITICAL' ? '0' : undefined);
  if (text === undefined) return undefined;
  if (/^\d{1,6}$/.test(String(text))) return Number(text);
  throw new BadReference(`--${flag(name)} takes a number, 0 or more`);
}
