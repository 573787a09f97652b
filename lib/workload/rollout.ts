import type { Untrusted } from '../image/untrusted.ts';
import type { Instant } from '../instant.ts';

/** How far a deployment of a service is, by ECS's own account. Later ones win; at the same instant the later one here. */
export const ROLLOUT_STATES = ['in-progress', 'completed', 'failed'] as const;
export type RolloutState = (typeof ROLLOUT_STATES)[number];

export interface Rollout {
  readonly state: RolloutState;
  readonly at: Instant;
  readonly reason?: Untrusted;
  /** The deployment that this one goes back to, when ECS's circuit breaker started it. */
  readonly rollsBackTo?: string;
}
