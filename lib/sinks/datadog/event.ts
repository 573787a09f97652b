import { createHash } from 'node:crypto';
import type { EventCreateRequest } from '@datadog/datadog-api-client/dist/packages/datadog-api-client-v1/models/EventCreateRequest.js';
import type { Notice } from '../../policy/notice.ts';
import { NEWEST_PUSH } from '../../policy/policy.ts';
import { SEVERITIES } from '../../scan/severity.ts';
import { headline } from '../words.ts';
import { eventText } from './event-text.ts';
import { wholeSeconds } from './series.ts';
import { metricTag, repositoryTags } from './tags.ts';

const MAX_TITLE = 100;
const MAX_REFERENCES = 10;

/**
 * A notice as an event of the v1 API, which needs the API key alone. `now` is when we speak: the API refuses
 * events older than 18 hours, and a redriven notice can be older; its true times are in the text.
 * The title has fixed words, names and numbers only, and no `@`, which notifies. There is no `source_type_name`: Datadog has a list of them
 * and does not say what an unlisted one does; find these events by `service:scan-response`.
 */
export function noticeEvent(notice: Notice, now: Date): EventCreateRequest {
  return {
    title: headline(notice, MAX_TITLE).replaceAll('@', ' '),
    text: eventText(notice),
    alertType: alertType(notice),
    aggregationKey: aggregationKey(notice),
    dateHappened: wholeSeconds(now),
    tags: eventTags(notice),
  };
}

function alertType({ reason, found }: Notice): 'error' | 'warning' | 'success' {
  if (reason === 'resolved') return 'success';
  return found && found.counts.CRITICAL > 0 ? 'error' : 'warning';
}

/** Folds everything about one tracked reference into one line of the event stream; at most 100 characters. */
function aggregationKey({ subject, references }: Notice): string {
  const { account, region, name } = subject.image.repository;
  const path = [account, region, name, references[0] ?? NEWEST_PUSH].join('/');
  return `ecr-scan:${createHash('sha256').update(path).digest('hex').slice(0, 32)}`;
}

function eventTags({ subject, references, reason, found }: Notice): string[] {
  const worst = found && SEVERITIES.find((severity) => found.counts[severity] > 0);
  return [
    'service:scan-response',
    ...repositoryTags(subject.image.repository),
    ...references.slice(0, MAX_REFERENCES).map((reference) => metricTag('image_tag', reference)),
    metricTag('reason', reason),
    ...(worst ? [metricTag('severity', worst)] : []),
  ];
}
