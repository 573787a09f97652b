import type { RepositoriesAnswer } from '../../../lookup/repositories.ts';
import { countWords, NO_FINDINGS, SEVERITIES } from '../../../scan/severity.ts';
import { type Content, h } from '../dom.ts';
import { age, time } from '../times.ts';
import { table } from '../views/parts.ts';

type Audit = NonNullable<RepositoriesAnswer['audit']>;

/** What the newest audit of a day found in the registries; a line, and behind it what was found. */
export function auditNote(audit: Audit | undefined): Content {
  if (!audit) return undefined;
  const { finishedAt, counts } = audit;
  const found = counts.filter(({ count }) => count > 0);
  const sums = { ...NO_FINDINGS };
  for (const { severity, count } of found) sums[severity] += count;
  const words = countWords(sums).join(', ') || 'nothing';
  return h(
    'details',
    { class: 'audit' },
    h('summary', {}, `Audit of the registries: ${words} `, h('span', { class: 'quiet' }, age(finishedAt))),
    h(
      'p',
      { class: 'quiet' },
      'Finished ',
      time(finishedAt),
      '. ',
      h('code', {}, 'scan-response audit'),
      ' says where, and how to mend it.',
    ),
    found.length > 0 && findings(found),
  );
}

function findings(found: Audit['counts']): HTMLElement {
  const worst = [...found].sort(
    (a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || b.count - a.count,
  );
  const rows = worst.map(({ account, region, check, severity, count }) => [
    h('span', { class: `mark ${severity.toLowerCase()}` }, `${count} ${severity.toLowerCase()}`),
    h('code', {}, check),
    `${account}/${region}`,
  ]);
  return table('What the audit found', ['Found', 'Check', 'Registry'], rows);
}
