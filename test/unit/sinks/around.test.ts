import { describe, expect, test } from 'vitest';
import { untrusted } from '../../../lib/image/untrusted.ts';
import { moreLine, spanWords } from '../../../lib/sinks/around.ts';
import { noticeEvent } from '../../../lib/sinks/datadog/event.ts';
import { slackDigest } from '../../../lib/sinks/slack/digest.ts';
import { slackMessage } from '../../../lib/sinks/slack/message.ts';
import { aBackground, aFound, aNotice, aShownFinding } from '../../build/notice.ts';

const NOW = new Date('2026-11-20T03:00:00.000Z');

/** A Slack message as a person reads it. */
function slackText(notice: Parameters<typeof slackMessage>[0]): string {
  const words = (it: unknown): string => {
    if (Array.isArray(it)) return it.map(words).join('');
    const { text, elements } = it as { text?: unknown; elements?: unknown };
    return typeof text === 'string' ? text : words(text ?? elements ?? []);
  };
  return slackMessage(notice, { possibleRepeat: false }).blocks.map(words).join('\n');
}

test.each([
  [0, 'less than a minute'],
  [59.9, 'less than a minute'],
  [60, '1 min'],
  [3_600, '1 h'],
  [5_400, '1 h 30 min'],
  [86_400, '1 day'],
  [273_600, '3 days 4 h'],
  [86_460, '1 day'],
])('%f seconds are %s', (seconds, words) => {
  expect(spanWords(seconds)).toBe(words);
});

describe('what is around a notice', () => {
  test('Slack: in its order', () => {
    const words = slackText(aNotice({ background: aBackground() }));
    expect(words).toContain('open for 3 days 4 h, since 2026-11-16 22:00 UTC');
    expect(words).toContain(
      'commit 0a1b2c3 (from the tag, unverified) · replaces commit 9f8e7d6 · see the commit · see the changes since 9f8e7d6\n' +
        'pushed 2026-11-20 01:59 UTC by role/ci\n' +
        'runs now in prod/api (3 tasks) and 2 more\n' +
        'open in ECR · monitors in Datadog · runbook\n',
    );
  });

  test('Datadog: the same, and within its limit', () => {
    const { text } = noticeEvent(aNotice({ background: aBackground() }), NOW);
    expect(text).toContain(
      '- [see the changes since 9f8e7d6](https://github.com/demo/api/compare/9f8e7d6...0a1b2c3)',
    );
    expect(text).toContain('- `pushed 2026-11-20 01:59 UTC by role/ci`');
    expect(text).toContain('- `runs now in prod/api (3 tasks) and 2 more`');
    expect(text.length).toBeLessThanOrEqual(4000);
  });

  test('a recovery says after how long', () => {
    const notice = aNotice({ reason: 'resolved', background: aBackground() });
    const words = 'was open for 3 days 4 h, since 2026-11-16 22:00 UTC';
    expect(slackText(notice)).toContain(words);
    expect(noticeEvent(notice, NOW).text).toContain(words);
  });

  test('nothing is said of what nobody knows, and what could not be read is', () => {
    expect(slackText(aNotice())).not.toMatch(/replaces|runs now|by role|since|runbook|Datadog/);
    const partial = aNotice({ background: { isPartial: true } });
    expect(slackText(partial)).toContain('could not all be read in time');
    expect(noticeEvent(partial, NOW).text).toContain('could not all be read in time');
  });

  test('a name of a pusher or a cluster changes nothing around it', () => {
    const [workload] = aBackground().runs?.workloads ?? [];
    if (!workload) throw new Error('no workload');
    const background = aBackground({
      pushed: { at: aNotice().subject.pushedAt, by: untrusted('`@here`\n%%% <!channel>\u202e') },
      runs: { workloads: [{ ...workload, cluster: '`@all`\n[x](https://evil.example)' }], more: 0 },
    });
    const { text } = noticeEvent(aNotice({ background }), NOW);
    expect(text).not.toMatch(/@(?!\u2060)|%%% <|\]\(https:\/\/evil/);
    expect(slackText(aNotice({ background }))).toContain('__all___x__https:__evil_example_/api');
  });
});

describe('what is new is named', () => {
  const ids = Array.from({ length: 30 }, (_, nth) => untrusted(`CVE-2026-${2000 + nth}`));

  test.each([
    [aFound(), undefined],
    [aFound({ newCount: 3, otherNewIds: ids.slice(0, 2) }), 'and 2 more new: CVE-2026-2000, CVE-2026-2001'],
    [aFound({ newCount: 9, otherNewIds: ids.slice(0, 1) }), 'and 8 more new: CVE-2026-2000 and 7 others'],
    [aFound({ newCount: 1, stillOpenCount: 4 }), 'and 4 more still open'],
    [
      aFound({ shown: [aShownFinding(), aShownFinding()], newCount: 2, stillOpenCount: 1 }),
      'and 1 more new; 1 more still open',
    ],
  ])('%#', (found, line) => {
    expect(moreLine(found, 200)).toBe(line);
  });

  test('in a message of many, too', () => {
    const found = aFound({ newCount: 3, otherNewIds: ids.slice(0, 2) });
    const entries = Array.from({ length: 50 }, () => ({ notice: aNotice({ found }), possibleRepeat: false }));
    const body = JSON.stringify(slackDigest(entries, 'mark').blocks);
    expect(body).toContain('CVE-2026-1001, CVE-2026-2000, CVE-2026-2001');
    expect(JSON.stringify(slackDigest(entries.slice(0, 6), 'mark').blocks)).toContain('CVE-2026-2001');
  });
});
