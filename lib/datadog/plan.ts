import type { Declared } from './declared.ts';
import { type Difference, differences } from './difference.ts';
import { DatadogFailure } from './failure.ts';
import { merged } from './merged.ts';
import type { DatadogPorts, Found } from './ports.ts';

/** How one thing stands in Datadog, beside what is declared. */
export type Standing =
  | { readonly state: 'missing'; readonly declared: Declared }
  | { readonly state: 'same'; readonly declared: Declared; readonly found: Found }
  | {
      readonly state: 'different';
      readonly declared: Declared;
      readonly found: Found;
      readonly differences: readonly Difference[];
    }
  /** Several bear our marks: which one is ours, only a person can say. */
  | { readonly state: 'ambiguous'; readonly declared: Declared; readonly all: readonly Found[] };

/** What was done about it. */
export type Done =
  | Standing
  | { readonly state: 'created' | 'changed'; readonly declared: Declared; readonly found: Found };

/** Looks at everything declared. Reads only: what would be written is shown to Datadog, and not kept by it. */
export async function standings(all: readonly Declared[], ports: DatadogPorts): Promise<readonly Standing[]> {
  const found: Standing[] = [];
  for (const declared of all)
    found.push(standing(declared, await about(declared, () => ports.find(declared))));
  for (const it of found) {
    const { kind, body } = it.declared;
    if (it.state === 'missing') await about(it.declared, () => ports.validate(kind, body));
    if (it.state === 'different')
      await about(it.declared, () => ports.validate(kind, merged(it.declared, it.found.document)));
  }
  return found;
}

/** The same failure, which names what it is about. */
async function about<T>({ key }: Declared, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof DatadogFailure)) throw error;
    const { message, status, isUnsure } = error;
    throw new DatadogFailure(`${key}: ${message}`, { status, isUnsure });
  }
}

function standing(declared: Declared, all: readonly Found[]): Standing {
  const [found, ...more] = all;
  if (!found) return { state: 'missing', declared };
  if (more.length > 0) return { state: 'ambiguous', declared, all };
  const unlike = differences(declared.body, found.document);
  if (unlike.length === 0) return { state: 'same', declared, found };
  return { state: 'different', declared, found, differences: unlike };
}

/** Makes one thing as it is declared; `ambiguous` and `same` stay as they are. */
export async function make(it: Standing, ports: DatadogPorts): Promise<Done> {
  const { declared } = it;
  const { kind, body } = declared;
  if (it.state === 'missing')
    return { state: 'created', declared, found: await about(declared, () => ports.create(kind, body)) };
  if (it.state !== 'different') return it;
  const whole = merged(declared, it.found.document);
  const found = await about(declared, () => ports.replace(kind, it.found.id, whole));
  return { state: 'changed', declared, found };
}
