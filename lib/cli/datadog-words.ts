import type { Difference } from '../datadog/difference.ts';
import type { Json } from '../datadog/json.ts';
import type { Done } from '../datadog/plan.ts';
import { safeText, untrusted } from '../image/untrusted.ts';

const MAX_DIFFERENCES = 20;
const MAX_CHARACTERS = 160;
const BEFORE = 40;

const SIGNS: Readonly<Record<Done['state'], string>> = {
  ...{ missing: '+', created: '+', different: '~', changed: '~', same: '=', ambiguous: '!' },
};
const COLOURS: Readonly<Record<string, number>> = { '+': 32, '~': 33, '!': 31 };

/** One thing for people: how it stands or what was done, what is different, and where it is. */
export function linesOf(it: Done, site: string): readonly string[] {
  const { key, kind, marks } = it.declared;
  const line = (words: string) => `  ${SIGNS[it.state]} ${key.padEnd(9)}  ${words}`;
  if (it.state === 'missing') return [line('is not there')];
  if (it.state === 'ambiguous')
    return [
      line(`${it.all.length} have the marks ${marks.join(' ')}:`),
      ...it.all.map(({ id }) => `      ${id}  ${urlOf(kind, id, site)}`),
      '      keep one: delete the others, or take the marks away from them; then run this again',
    ];
  const { id } = it.found;
  const words = { same: 'is as declared', different: 'is different', created: 'created', changed: 'changed' };
  return [
    line(`${words[it.state]}  ${id}  ${urlOf(kind, id, site)}`),
    ...(it.state === 'different' ? differenceLines(it.differences) : []),
  ];
}

/** The same for programs. */
export function documentOf(it: Done, site: string): Readonly<Record<string, unknown>> {
  const { key, kind } = it.declared;
  if (it.state === 'missing') return { key, kind, state: it.state };
  if (it.state === 'ambiguous') return { key, kind, state: it.state, ids: it.all.map(({ id }) => id) };
  const { id } = it.found;
  const { differences } = it.state === 'different' ? it : {};
  return { key, kind, state: it.state, id, url: urlOf(kind, id, site), ...(differences && { differences }) };
}

/** Colours the sign at the beginning of a line, for terminals. */
export function paint(text: string): string {
  return text.replace(/^ {2}([+~!]) /, (_, sign) => `  \u001b[${COLOURS[sign]}m${sign}\u001b[0m `);
}

function differenceLines(all: readonly Difference[]): readonly string[] {
  const more = all.length - MAX_DIFFERENCES;
  return [
    ...all.slice(0, MAX_DIFFERENCES).flatMap(({ path, there, ours }) => {
      const from = firstUnlike(there, ours);
      return [
        `      ${said(path)}`,
        `        there  ${shown(there, from)}`,
        `        ours   ${shown(ours, from)}`,
      ];
    }),
    ...(more > 0 ? [`      and ${more} more; --json has all`] : []),
  ];
}

/** Where two texts part; 0 for anything else. */
function firstUnlike(there: Json | undefined, ours: Json | undefined): number {
  if (typeof there !== 'string' || typeof ours !== 'string') return 0;
  let at = 0;
  while (at < ours.length && there[at] === ours[at]) at++;
  return at <= BEFORE ? 0 : at - BEFORE;
}

/** A value, or what of a long text is around the place where it becomes different. */
function shown(value: Json | undefined, from: number): string {
  if (value === undefined) return '(nothing)';
  const text = typeof value === 'string' ? value.slice(from) : value;
  return `${from > 0 ? '…' : ''}${said(JSON.stringify(text))}`;
}

/** Who may edit a monitor may write anything into it. */
function said(text: string): string {
  return safeText(untrusted(text), MAX_CHARACTERS);
}

/** Sites of two labels have their pages under `app.`: https://docs.datadoghq.com/getting_started/site/ */
function urlOf(kind: 'monitor' | 'dashboard', id: string, site: string): string {
  const host = site.split('.').length === 2 ? `app.${site}` : site;
  return `https://${host}/${kind === 'monitor' ? 'monitors' : 'dashboard'}/${encodeURIComponent(id)}`;
}
