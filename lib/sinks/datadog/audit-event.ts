import { createHash } from 'node:crypto';
import type { EventCreateRequest } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v1/models/EventCreateRequest.js';
import type { AuditChange, AuditNews } from '../../audit/news.ts';
import { wholeSeconds } from './series.ts';
import { metricTag } from './tags.ts';

/**
 * What the audit of a day found otherwise than the one before, as one event of the v1 API. Numbers and words of ours
 * alone: no name of a repository, and no `@`, which notifies. The same audit told again folds into the same line.
 */
export function auditEvent(
  { finishedAt, changes, changed }: AuditNews,
  deployment: string,
  now: Date,
): EventCreateRequest {
  const isWorse = changes.some(({ count, before = 0 }) => count > before);
  const more = changed > changes.length ? [`and ${changed - changes.length} more`] : [];
  const key = createHash('sha256').update(`${deployment} ${finishedAt}`).digest('hex').slice(0, 32);
  return {
    title: `Audit of the registries: ${changed} ${changed === 1 ? 'count has' : 'counts have'} changed`,
    text: [
      ...[...changes.map(line), ...more].map((it) => `- ${it}`),
      `\nAudited until ${finishedAt}. \`npx scan-response audit\` names the repositories, why, and the fix.`,
    ].join('\n'),
    alertType: isWorse ? 'warning' : 'success',
    aggregationKey: `ecr-audit:${key}`,
    dateHappened: wholeSeconds(now),
    tags: ['service:scan-response', metricTag('deployment', deployment), metricTag('reason', 'audit')],
  };
}

function line({ account, region, check, severity, before, count }: AuditChange): string {
  return `${severity} ${check} in ${account} ${region}: ${before ?? 'not known'} → ${count}`;
}
