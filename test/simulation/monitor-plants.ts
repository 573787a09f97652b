import type { Series } from './monitor-model.ts';
import type { Plant } from './timeline.ts';

/** Ways to do it wrong; each has to make the monitor's tests fail. */
export const PLANTED: readonly { readonly name: string; readonly plant: Plant }[] = [
  { name: 'no heartbeat', plant: { beat: () => [] } },
  {
    name: 'a heartbeat without zeros after a close',
    plant: {
      beat: (beats) =>
        beats.map((it) => ({ ...it, references: it.references.filter(({ shown }) => !shown.closedAt) })),
    },
  },
  {
    name: 'a heartbeat that is only a sign of life',
    plant: { beat: (beats) => beats.map((it) => ({ ...it, references: [] })) },
  },
  {
    name: 'count instead of gauge',
    plant: { series: (series, seen) => series.map((it) => asCount(it, seen)) },
  },
];

/** A counter says what came on top since it last spoke: nothing, most of the time. */
function asCount(series: Series, seen: Map<string, number>): Series {
  const key = `${series.metric} ${series.tags?.join(',')}`;
  return {
    ...series,
    points: series.points.map(({ timestamp, value = 0 }) => {
      const more = Math.max(0, value - (seen.get(key) ?? 0));
      seen.set(key, value);
      return { timestamp, value: more };
    }),
  };
}
