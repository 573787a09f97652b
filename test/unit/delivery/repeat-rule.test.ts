import { expect, test } from 'vitest';
import { repeatRule } from '../../../lib/delivery/repeat-rule.ts';

test.each([
  ['datadog', 'measurement', 'hold', 'overwrite'],
  ['datadog', 'notice', 'hold', 'fold'],
  ['slack', 'notice', undefined, 'mark'],
  ['slack', 'notice', 'resend', 'mark'],
  ['slack', 'notice', 'hold', 'hold'],
  ['sns', 'notice', 'resend', 'mark'],
  ['sns', 'notice', 'hold', 'hold'],
  ['chat', 'notice', 'resend', 'mark'],
  ['chat', 'notice', 'hold', 'hold'],
] as const)('%s, %s, after a lost reply %s: %s', (sink, kind, afterLostReply, expected) => {
  expect(repeatRule(sink, kind, afterLostReply)).toBe(expected);
});
