import { ago, bothZones } from '../../cli/time.ts';
import type { Instant } from '../../instant.ts';
import { wallAt } from '../../wall-clock.ts';
import { h } from './dom.ts';

const ZONE = document.documentElement.dataset.zone ?? 'UTC';

/** An instant in the zone of the server and in UTC. */
export function time(instant: Instant): HTMLElement {
  return h('time', { datetime: instant }, zones(instant));
}

/** How long ago; both zones stand behind it. */
export function age(instant: Instant): string {
  return ago(instant, new Date());
}

/** The instant in both zones, as text. */
export function zones(instant: Instant): string {
  return bothZones(instant, ZONE);
}

/** How long something took or lasts, in its two largest units. */
export function lasting(fromMs: number, toMs: number): string {
  const minutes = Math.max(0, Math.round((toMs - fromMs) / 60_000));
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** What the reader's clock is ahead of UTC at a time. */
export function aheadMs(epochMs: number): number {
  return wallAt(epochMs, ZONE) - epochMs;
}
