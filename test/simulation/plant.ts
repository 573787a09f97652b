import type { Delivery } from '../../lib/delivery/delivery.ts';
import type { Claim } from '../../lib/delivery/state.ts';
import type { Reading } from '../../lib/scan/scan.ts';

/** Where a known bug can be put between the product's code and its ports. The product has no switch for any of it. */
export interface Plant {
  /** Changes what is sent to the database. */
  readonly command?: (input: Record<string, unknown>) => void;
  /** Changes what a worker believes after its claim. */
  readonly claim?: (claim: Claim) => Claim;
  /** Forgets the delivery when a try did not end well. */
  readonly deletesOnException?: boolean;
  /** Changes what is queued because of a message. */
  readonly delivery?: (delivery: Delivery, messageId: string) => Delivery;
  /** Changes what reading a scan gave. */
  readonly reading?: (reading: Reading) => Reading;
  /** Changes what arrives at Datadog. */
  readonly datadogBody?: (body: string) => string;
  /** Changes for how long what waits is put back; undefined: it is not. */
  readonly waits?: (seconds: number) => number | undefined;
  /** Nobody looks for what AWS never told of. */
  readonly forgetsReconciler?: boolean;
}

/** Replaces a part of an expression; throws when it is not there, since a bug that is not planted proves nothing. */
function inCondition(part: string, other: string): Required<Pick<Plant, 'command'>> {
  return {
    command(input) {
      const { ConditionExpression: condition, ExpressionAttributeValues: values } = input;
      if (typeof condition !== 'string' || !Object.hasOwn(values ?? {}, ':sending')) return;
      const isClaim = condition.includes('attribute_not_exists(pk)');
      if (isClaim !== part.includes('lease')) return;
      if (!condition.includes(part))
        throw new Error(`the bug cannot be planted: no "${part}" in "${condition}"`);
      input.ConditionExpression = condition.replace(part, other);
    },
  };
}

/** Every bug that the suite must find, by name. */
export const PLANTS: Readonly<Record<string, Plant>> = {
  'drop the lease check': inCondition('leaseUntilMs < :now', '(leaseUntilMs < :now OR leaseUntilMs >= :now)'),
  'treat an expired lease as new': {
    claim: (claim) => (claim.state === 'claimed' ? { ...claim, doubt: 'none' } : claim),
  },
  'delete on exception': { deletesOnException: true },
  'key on the event id': {
    delivery: (delivery, messageId) => ({ ...delivery, key: `${delivery.key}#${messageId}` }),
  },
  'forget the reconciler': { forgetsReconciler: true },
  'count instead of gauge': { datadogBody: (body) => body.replaceAll('"type":3', '"type":1') },
  'zero from an unready scan': {
    reading: (reading) =>
      reading.state === 'pending'
        ? { state: 'scanned', type: 'enhanced', counts: NONE, findings: [] }
        : reading,
  },
  'no fencing on settle': inCondition(
    '#token = :token AND #state = :sending',
    '(#token = :token OR #token <> :token) AND (#state = :sending OR #state <> :sending)',
  ),
};

const NONE = { CRITICAL: 0, HIGH: 0, MEDIUM: 0, LOW: 0, INFORMATIONAL: 0, UNTRIAGED: 0, UNDEFINED: 0 };
