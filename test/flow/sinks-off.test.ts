import { expect, test } from 'vitest';
import { basicAnswer } from '../../local/ecr/findings.ts';
import { basicFindings } from './findings.ts';
import { flowForFile } from './stack.ts';

const flow = flowForFile({
  unconfigured: ['slack', 'datadog'],
  environment: { SCAN_RESPONSE_SINK_OFF_AFTER_SECONDS: '1' },
});

test('N: sinks that are not configured say so once, and the others work', async () => {
  for (const repository of ['off/one', 'off/two']) {
    const { digest } = flow().push(repository);
    flow().scan(repository, digest, basicAnswer(basicFindings('CRITICAL')));
    await flow().settled(repository);
    const { slack, sns, events, gauges, deadLetters } = flow().got(repository);
    expect({ slack, events, gauges, deadLetters }).toEqual({
      slack: [],
      events: [],
      gauges: [],
      deadLetters: [],
    });
    expect(sns).toHaveLength(1);
    const deliveries = (await flow().items('ledger', repository)).filter(({ sk }) =>
      `${sk}`.startsWith('DLV#'),
    );
    expect(deliveries.map(({ sk, state }) => [`${sk}`.split('#')[1], state])).toEqual([['sns', 'SENT']]);
  }
  const warnings = flow().stack.logs.map(
    ({ line }) => line as { level?: string; sink?: string; needs?: string },
  );
  expect(
    warnings
      .filter(({ level }) => level === 'WARN')
      .map(({ sink, needs }) => `${sink} needs ${needs}`)
      .sort(),
  ).toEqual([
    'datadog needs /scan-response/dev/datadog-api-key',
    'slack needs /scan-response/dev/slack-webhook-url',
  ]);
  expect(warnings.filter(({ level }) => level === 'ERROR')).toEqual([]);
});
