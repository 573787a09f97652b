import { describe, expect, test } from 'vitest';
import { deliver } from '../../../lib/delivery/deliver.ts';
import { withDoubts } from '../../../lib/delivery/doubt.ts';
import type { Outcome } from '../../../lib/delivery/sink.ts';
import type { Claim } from '../../../lib/delivery/state.ts';
import { aNotice } from '../../build/notice.ts';
import { memoryClaims, memorySink } from '../../doubles/memory-sink.ts';

const sent: Outcome = { state: 'sent' };
const fresh: Claim = { state: 'claimed', token: 't', doubt: 'none' };
const doubtful: Claim = { state: 'claimed', token: 't', doubt: 'open' };

async function doubts(claim: Claim, outcome: Outcome): Promise<readonly string[]> {
  const said: string[] = [];
  const { ports, settled } = memoryClaims(claim);
  const speaking = withDoubts(ports, ({ key }, sink, why) => said.push(`${sink} ${key}: ${why}`));
  await deliver({ delivery: aNotice({ key: 'open-1' }) }, 1, memorySink(outcome).sink, speaking).catch(
    () => {},
  );
  expect(settled).toHaveLength(claim.state === 'claimed' ? 1 : 0);
  return said;
}

describe('a doubt is said', () => {
  test.each<[string, Claim, Outcome, readonly string[]]>([
    ['when no answer came', fresh, { state: 'unknown', why: 'no answer' }, ['slack open-1: no answer']],
    ['when the worker before died', doubtful, sent, ['slack open-1: an earlier try left no outcome']],
  ])('%s', async (_, claim, outcome, said) => {
    expect(await doubts(claim, outcome)).toEqual(said);
  });
});

describe('nothing is said', () => {
  test.each<[string, Claim, Outcome]>([
    ['when it arrived', fresh, sent],
    ['when it was refused', fresh, { state: 'refused', why: '429' }],
    ['when it was rejected', fresh, { state: 'rejected', why: '404' }],
    ['when it had arrived before', { state: 'sent-before' }, sent],
    ['when another worker has it', { state: 'busy' }, sent],
  ])('%s', async (_, claim, outcome) => {
    expect(await doubts(claim, outcome)).toEqual([]);
  });
});
