import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CelEngine, TemplateFile } from '@aws/cloudformation-validate';
import { describe, expect, test } from 'vitest';
import type { Notice } from '../../lib/policy/notice.ts';
import { toCounts } from '../../lib/scan/severity.ts';
import { chatMessage } from '../../lib/sinks/sns/chat-message.ts';
import { snsMessage } from '../../lib/sinks/sns/message.ts';
import { type EventPattern, matches } from '../../local/event-rule.ts';
import { aFound, aNotice, anImage, aSubject } from '../build/notice.ts';

const guide = readFileSync('docs/sns.md', 'utf8');

/** A block of code of the guide, by its name. */
function block(language: string, name: string): string {
  const [, code] = guide.match(new RegExp(`^\`\`\`${language} ${name}\\n([\\s\\S]*?)^\`\`\``, 'm')) ?? [];
  return code ?? expect.fail(`the guide has no ${language} block ${name}`);
}

const inRepository = (name: string) =>
  aSubject({ image: anImage({ repository: { ...anImage().repository, name } }) });
const { found: _, ...unread } = aNotice({ subject: inRepository('payments/api') });
const highOnly = aFound({ counts: toCounts({ HIGH: 2 }), notifyAt: 'HIGH' });
const clear = aFound({ counts: toCounts({}), shown: [], newCount: 0 });

const NOTICES = {
  'payments critical': aNotice({ subject: inRepository('payments/api') }),
  'payments high': aNotice({ subject: inRepository('payments/api'), found: highOnly }),
  'payments clear': aNotice({ reason: 'resolved', subject: inRepository('payments/api'), found: clear }),
  'payments not scanned': { ...unread, reason: 'not-scanned', unscannable: { status: 'FAILED' } },
  'payments-like critical': aNotice({ subject: inRepository('payments-api') }),
  'search critical': aNotice({ subject: inRepository('search/api') }),
  'search reminder': aNotice({ reason: 'reminder-due', subject: inRepository('search/api') }),
  'routed to a team': aNotice({
    subject: inRepository('search/api'),
    route: { snsAttributes: { team: 'payments' } },
  }),
} satisfies Record<string, Notice>;
type Name = keyof typeof NOTICES;
const ALL = Object.keys(NOTICES) as Name[];

type Attributes = ReturnType<typeof snsMessage>['MessageAttributes'];

/**
 * The attributes as SNS compares them: strings, and numbers as numbers. It matches them by the grammar and the engine of
 * EventBridge's patterns, so what evaluates those here (held against AWS's own engine: docs/decisions/0002-oracles.md) does it.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
 */
function compared(attributes: Attributes): object {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue = '' }]) => [
      name,
      DataType === 'Number' ? Number(StringValue) : StringValue,
    ]),
  );
}

function passing(policy: EventPattern): readonly Name[] {
  return ALL.filter((name) =>
    matches(policy, compared(snsMessage(NOTICES[name], { possibleRepeat: false }).MessageAttributes)),
  );
}

describe('filter policies of the guide', () => {
  const payments: readonly Name[] = ['payments critical'];

  test.each<[string, readonly Name[]]>([
    ['one-team', payments],
    ['one-team-to-the-end', [...payments, 'payments clear']],
    ['not-scanned', ['payments not scanned']],
    ['not-resolved', ALL.filter((name) => name !== 'payments clear')],
    ['by-attribute', ['routed to a team']],
  ])('%s lets through %j', (name, expected) => {
    const policy = JSON.parse(block('json', name));
    expect(passing(policy)).toEqual(expected);
    // SNS refuses more: https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
    expect(Object.keys(policy).length).toBeLessThanOrEqual(5);
  });

  test('and every one of the guide is tried', () => {
    const names = [...guide.matchAll(/^```json (\S+)$/gm)].map(([, name]) => name);
    expect(names.sort()).toEqual([
      'by-attribute',
      'not-resolved',
      'not-scanned',
      'one-team',
      'one-team-to-the-end',
    ]);
  });

  test.each<[string, EventPattern, readonly Name[]]>([
    [
      'what was not scanned has no count',
      { critical: [{ numeric: ['>=', 0] }] },
      ALL.filter((it) => it !== 'payments not scanned'),
    ],
    [
      'but a severity of its own',
      { severity: [{ 'anything-but': ['NONE'] }] },
      ALL.filter((it) => it !== 'payments clear'),
    ],
    ['and can be asked for by what it has not', { critical: [{ exists: false }] }, ['payments not scanned']],
    ['a name that no message has', { owner: ['x'] }, []],
    ['reminders', { event: ['reminder'] }, ['search reminder']],
    ['one account and region', { account: ['111122223333'], region: ['eu-west-1'] }, ALL],
    ['a number written as a text', { critical: ['1'] }, []],
  ])('%s', (_name, policy, expected) => {
    expect(passing(policy)).toEqual(expected);
  });

  test('let the same through to a channel', () => {
    for (const name of ['one-team', 'one-team-to-the-end', 'not-scanned', 'not-resolved', 'by-attribute']) {
      const policy = JSON.parse(block('json', name));
      const toChat = ALL.filter((it) => {
        const { MessageAttributes } = chatMessage(NOTICES[it], { possibleRepeat: false });
        return matches(policy, compared(MessageAttributes as Attributes));
      });
      expect(toChat, name).toEqual(passing(policy));
    }
  });
});

test('the table of attributes is what messages carry, with their types', () => {
  const rows = [...guide.matchAll(/^\| `(\w+)` +\| (String|Number) /gm)].map(([, name, type]) => [
    name,
    type,
  ]);
  const { MessageAttributes } = snsMessage(aNotice(), { possibleRepeat: false });
  const carried = Object.entries(MessageAttributes).map(([name, { DataType }]) => [name, DataType]);
  expect(rows.sort()).toEqual(carried.sort());
});

test('the policy in the command is one, written as a text', () => {
  const [, attributes = ''] = /--attributes '(\{.*\})'/.exec(guide) ?? [];
  expect(passing(JSON.parse(JSON.parse(attributes).FilterPolicy))).toEqual(['payments not scanned']);
});

test('the fold keeps one of each notice, whatever is repeated, marked or not', async () => {
  const { fresh } = await import(`data:text/javascript,${encodeURIComponent(block('js', 'fold'))}`);
  const bodies = (possibleRepeat: boolean) =>
    Object.values(NOTICES).map(
      (notice, n) => snsMessage({ ...notice, key: `open-${n}` }, { possibleRepeat }).Message,
    );
  const known = new Set<string>();
  expect(fresh([...bodies(false), ...bodies(true)], known)).toHaveLength(ALL.length);
  expect(fresh(bodies(true), known)).toEqual([]);
  expect(known.size).toBe(ALL.length);
});

describe('the channel as CloudFormation', () => {
  /** What AWS's validator says is wrong with a template. */
  function errorsOf(template: string): readonly string[] {
    const folder = mkdtempSync(join(tmpdir(), 'channel-'));
    const engine = new CelEngine();
    try {
      const file = join(folder, 'template.yml');
      writeFileSync(file, template);
      const { status, diagnostics } = engine.validateStandard(new TemplateFile(file));
      expect(status).toBe('OK');
      const wrong = diagnostics.filter(({ severity }) => severity === 'ERROR' || severity === 'FATAL');
      return wrong.map(({ ruleId, entity }) => `${ruleId} ${entity?.logicalId}`);
    } finally {
      engine.free();
      rmSync(folder, { recursive: true });
    }
  }

  test('is a template that AWS would take', () => {
    expect(errorsOf(block('yaml', 'channel'))).toEqual([]);
  });

  test.each([
    ['a property that is misspelt', 'SnsTopicArns', 'SnsTopics'],
    ['a property that is missing', /^ {6}SlackWorkspaceId: .*\n/m, ''],
  ])('and %s is seen', (_name, what, instead) => {
    expect(errorsOf(block('yaml', 'channel').replace(what, instead)).length).toBeGreaterThan(0);
  });
});
