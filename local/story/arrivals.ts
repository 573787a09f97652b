import type { RunningStack } from '../stack.ts';
import type { Timeline } from './timeline.ts';

/** Shows what has reached the sinks and the dead letters since the last call. */
export function arrivalsOf(stack: RunningStack, timeline: Timeline): () => void {
  const shown = new Map<string, number>();
  const showNew = <T>(who: string, all: readonly T[], lines: (news: readonly T[]) => readonly string[]) => {
    for (const line of lines(all.slice(shown.get(who) ?? 0))) timeline.say(who.split('/')[0] ?? who, line);
    shown.set(who, all.length);
  };
  return () => {
    const { datadog, slack, sns } = stack;
    showNew('datadog/series', datadog.series, gauges);
    showNew('datadog/events', datadog.events, (news) => news.map(({ title }) => `event: ${title}`));
    showNew('slack', slack.messages, (news) => news.map(({ message }) => message.text ?? ''));
    showNew('sns', sns.published, (news) => news.map(({ subject }) => subject ?? ''));
    showNew('dead letters', deadLetters(stack), (news) => news.map(reasonOf));
  };
}

function reasonOf({ attributes }: ReturnType<typeof deadLetters>[number]): string {
  return attributes.reason?.StringValue ?? 'tried too often';
}

/** What lies in the dead letters of all queues. */
export function deadLetters(stack: RunningStack) {
  return [...stack.queues]
    .filter(([logicalId]) => logicalId.endsWith('DeadLetters'))
    .flatMap(([, queue]) => queue.messages());
}

/** One line for each reference: its severities in the order they were sent, zeros included. */
function gauges(series: RunningStack['datadog']['series']): readonly string[] {
  const lines = new Map<string, string[]>();
  for (const { metric, metricTags, value } of series) {
    const tag = (name: string) =>
      metricTags.find((it) => it.startsWith(`${name}:`))?.slice(name.length + 1) ?? '';
    const name = `${metric.replace('ecr.image.', '')} ${tag('repository')}:${tag('image_tag')}`;
    lines.set(name, [...(lines.get(name) ?? []), `${tag('severity')} ${value}`]);
  }
  return [...lines].map(([name, severities]) => `gauges ${name}  ${severities.join(', ')}`);
}
