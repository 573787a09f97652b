import { toCounts } from '../../../lib/scan/severity.ts';
import { noticeEvent } from '../../../lib/sinks/datadog/event.ts';
import { gaugeSeries } from '../../../lib/sinks/datadog/series.ts';
import { aMeasurement } from '../../build/notice.ts';
import { markdownComplaints, taintComplaints, textComplaints, WORD_JOINER } from '../rules.ts';
import { output } from './output.ts';

const NOW = new Date('2026-11-20T02:03:04.567Z');

/** Limits: EventCreateRequest in Datadog's OpenAPI. */
export const datadogEvent = output(
  'Datadog event (Markdown)',
  ({ notice }) => noticeEvent(notice, NOW),
  ({ title, text, tags = [], aggregationKey = '' }) => [
    ...(/^[ -~]{1,100}$/.test(title) && !title.includes('@') ? [] : ['a title that is not plain']),
    ...taintComplaints('the title', title),
    ...(text.length > 4000 ? ['a text over 4000'] : []),
    ...(/^%%% \n[\s\S]*\n %%%$/.test(text) && !text.slice(3, -3).includes('%%%')
      ? []
      : ['a frame that is open']),
    ...textComplaints(text.replaceAll(`@${WORD_JOINER}`, '@'), { lines: true }),
    ...markdownComplaints(text.slice(3, -3), { mark: WORD_JOINER }),
    ...(aggregationKey.length > 100 ? ['an aggregation key over 100'] : []),
    ...countComplaints([tags.length]),
    ...tagComplaints(tags),
  ],
);

/** Where texts of others may not be: each would be a series of its own. */
export const datadogGauges = output(
  'Datadog gauges',
  ({ notice }) => {
    const counts = toCounts({ CRITICAL: 1 });
    const gauges = notice.references.map((reference) => ({ reference, counts, fixable: counts }));
    return gaugeSeries(aMeasurement({ image: notice.subject.image, gauges }), NOW);
  },
  (series) => [
    ...[...new Set(series.map(({ metric }) => metric))].flatMap(nameComplaints),
    ...countComplaints(series.map(({ tags = [] }) => tags.length)),
    ...tagComplaints([...new Set(series.flatMap(({ tags = [] }) => tags))]),
  ],
  { showsTexts: false },
);

function nameComplaints(metric: string): string[] {
  return /^[a-z][a-z0-9_.]{0,199}$/.test(metric) ? [] : ['a metric name that Datadog changes'];
}

function countComplaints(tagsOfEach: readonly number[]): string[] {
  return tagsOfEach.some((count) => count > 100) ? ['over 100 tags'] : [];
}

/** Source: https://docs.datadoghq.com/getting_started/tagging/#define-tags */
function tagComplaints(tags: readonly string[]): string[] {
  const isPlain = (tag: string) => /^[a-z][a-z0-9_:./-]{0,198}[a-z0-9_./-]$/.test(tag);
  return [
    ...(tags.every(isPlain) ? [] : ['a tag that Datadog changes']),
    ...taintComplaints('a tag', tags.join(' ')),
  ];
}
