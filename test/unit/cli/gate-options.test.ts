import { describe, expect, test } from 'vitest';
import { parseGate, parseWait } from '../../../lib/cli/gate-options.ts';

const NAMES = 'demo-api:latest';
const plain = { dryRun: false };

describe('how long to wait', () => {
  test.each([
    ['0', 0],
    ['0s', 0],
    ['90s', 90_000],
    ['10m', 600_000],
    ['24h', 86_400_000],
    ['86400s', 86_400_000],
  ])('%s', (text, ms) => {
    expect(parseWait(text)).toBe(ms);
  });

  test.each(['', ' ', '10', '10 m', '-1s', '+1s', '1.5h', '1d', '25h', '1m30s', '10M', 'm', '١٠m', '1e3s'])(
    'not %j',
    (text) => {
      expect(() => parseWait(text)).toThrow(/^--wait takes 90s, 10m, 1h or 0, a day at most/);
    },
  );
});

describe('limits', () => {
  test('no critical finding, unless something else is said', () => {
    expect(parseGate(NAMES, plain).question).toMatchObject({ limits: { CRITICAL: 0 }, onlyFixable: false });
  });

  test('one for each severity', () => {
    const all = { maxCritical: '1', maxHigh: '2', maxMedium: '3', maxLow: '4' };
    const rest = { maxInformational: '5', maxUntriaged: '6', maxUndefined: '7', onlyFixable: true };
    expect(parseGate(NAMES, { ...plain, ...all, ...rest }).question).toMatchObject({
      limits: { CRITICAL: 1, HIGH: 2, MEDIUM: 3, LOW: 4, INFORMATIONAL: 5, UNTRIAGED: 6, UNDEFINED: 7 },
      onlyFixable: true,
    });
  });

  test.each(['', '-1', '1.5', 'none', '1e2', '99999999'])('not %j', (maxHigh) => {
    expect(() => parseGate(NAMES, { ...plain, maxHigh })).toThrow('--max-high takes a number, 0 or more');
  });
});

test('an image has a tag or a digest; its account and region may be said apart', () => {
  expect(() => parseGate('demo-api', plain)).toThrow('say which image: demo-api:TAG or demo-api@sha256:…');
  const { reference } = parseGate(NAMES, { ...plain, account: '111122223333', region: 'eu-west-1' });
  expect(reference).toEqual({
    account: '111122223333',
    region: 'eu-west-1',
    name: 'demo-api',
    tag: 'latest',
  });
});
