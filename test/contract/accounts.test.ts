import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { matches } from '../../local/event-rule.ts';
import { type PackagedService, packageService } from '../../local/package.ts';
import { readTemplate } from '../../local/template.ts';
import { toldFrom } from '../../local/told-from.ts';
import { grants, list, packagedResources, type Resources } from './template.ts';

const OWN = '123456789012';
const MEMBERS = ['222233334444', '333344445555'];
const STRANGER = '999988887777';
const REGION = 'us-east-1';
const place = { account: OWN, region: REGION, queueUrl: (name: string) => `https://sqs/${name}` };

type Event = Readonly<Record<string, unknown>> & { readonly detail: Readonly<Record<string, unknown>> };

/** Our sample events, as if they came from an account. */
function eventsOf(account: string, region = REGION): readonly Event[] {
  return readdirSync('events')
    .filter((file) => file.endsWith('.json'))
    .map((file) => toldFrom(JSON.parse(readFileSync(`events/${file}`, 'utf8')), account, region));
}

/** Inspector's event about a member, as its delegated administrator gets it. */
function seenByAdministrator(event: Event): Event {
  return { ...event, id: '11111111-2222-3333-4444-555555555555', account: OWN };
}

let packaged: PackagedService;
let resources: Resources;

beforeAll(async () => {
  const params = {
    memberAccounts: MEMBERS.join(','),
    datadogApiKeyParameter: '/aws/reference/secretsmanager/monitoring/datadog',
    slackWebhookParameter: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:scan-response/slack-AbC123',
  };
  packaged = await packageService({ root: process.cwd(), params });
  resources = (packaged.template as { Resources: Resources }).Resources;
});
afterAll(() => packaged?.dispose());

/** How many rules of a template take the event. */
function takers(of: Resources, event: object): number {
  const { rules } = readTemplate({ Resources: of }, place);
  return rules.filter(({ pattern }) => matches(pattern, event)).length;
}

describe('with members', () => {
  test.each([OWN, ...MEMBERS])('each event of %s goes to one queue', (account) => {
    expect(eventsOf(account).map((event) => takers(resources, event))).toEqual(
      eventsOf(account).map(() => 1),
    );
  });

  test.each([
    ['a stranger', eventsOf(STRANGER)],
    ['a member in another region', eventsOf(MEMBERS[0] ?? '', 'eu-west-1')],
  ])('events of %s go nowhere', (_, events) => {
    expect(events.length).toBeGreaterThan(10);
    expect(events.filter((event) => takers(resources, event) > 0)).toEqual([]);
  });

  test('what the delegated administrator is told goes in about members, and about nobody else', () => {
    const isInspectors = ({ source }: Event) => source === 'aws.inspector2';
    const about = (account: string) => eventsOf(account).filter(isInspectors).map(seenByAdministrator);
    const taken = (account: string) => about(account).map((event) => takers(resources, event));
    expect(taken(MEMBERS[1] ?? '')).toEqual([1, 1, 1, 1, 1]);
    expect(taken(STRANGER)).toEqual([0, 0, 0, 0, 0]);
  });

  test('members alone may send to the event bus, and only what AWS says', () => {
    const policies = Object.values(resources).filter(({ Type }) => Type === 'AWS::Events::EventBusPolicy');
    expect(policies.map(({ Properties }) => Properties.Statement)).toEqual([
      {
        Effect: 'Allow',
        Principal: { AWS: MEMBERS.map((id) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:iam::${id}:root` })) },
        Action: 'events:PutEvents',
        Resource: {
          'Fn::Sub': `arn:\${AWS::Partition}:events:\${AWS::Region}:\${AWS::AccountId}:event-bus/default`,
        },
        Condition: { StringEquals: { 'events:source': ['aws.ecr', 'aws.inspector2', 'aws.ecs'] } },
      },
    ]);
  });

  test('the functions that read registries may take the roles of the accounts they are told of', () => {
    const taking = grants(resources).filter(({ Action }) => list(Action).includes('sts:AssumeRole'));
    expect(taking.map(({ role }) => role)).toEqual(['ImagePushedRole', 'ScanCompletedRole', 'ReconcileRole']);
    const { functions } = readTemplate(packaged.template, place);
    for (const { Resource } of taking) expect(list(Resource).map(subOf)).toEqual(readersOf(functions));
  });

  test('secrets of Secrets Manager: one exact secret for each function, through SSM', () => {
    const reading = grants(resources).filter(({ Action }) => list(Action).includes('ssm:GetParameter'));
    expect(reading.map(({ role, Action, Resource }) => [role, Action, list(Resource).map(subOf)])).toEqual([
      [
        'DeliverDatadogRole',
        BOTH,
        [refersTo('monitoring/datadog'), secretNamed('monitoring/datadog-??????')],
      ],
      [
        'DeliverSlackRole',
        BOTH,
        [refersTo('scan-response/slack'), secretNamed('scan-response/slack-AbC123')],
      ],
    ]);
    const { functions } = readTemplate(packaged.template, place);
    const told = functions.flatMap(({ environment }) =>
      Object.entries(environment).flatMap(([name, value]) => (name.endsWith('_PARAMETER') ? [value] : [])),
    );
    expect(told).toEqual([
      '/aws/reference/secretsmanager/monitoring/datadog',
      '/aws/reference/secretsmanager/scan-response/slack',
    ]);
  });
});

const BOTH = ['ssm:GetParameter', 'secretsmanager:GetSecretValue'];

function refersTo(name: string): string {
  return `arn:aws:ssm:${REGION}:${OWN}:parameter/aws/reference/secretsmanager/${name}`;
}

function secretNamed(name: string): string {
  return `arn:aws:secretsmanager:${REGION}:${OWN}:secret:${name}`;
}

/** An ARN with the pseudo parameters of this test. */
function subOf(value: unknown): string {
  const text = typeof value === 'string' ? value : (value as { 'Fn::Sub': string })['Fn::Sub'];
  return text
    .replaceAll(`\${AWS::Partition}`, 'aws')
    .replaceAll(`\${AWS::Region}`, REGION)
    .replaceAll(`\${AWS::AccountId}`, OWN);
}

function readersOf(functions: ReturnType<typeof readTemplate>['functions']): readonly string[] {
  const [role, ...others] = new Set(
    functions.flatMap(({ environment }) => environment.SCAN_RESPONSE_READER_ROLE ?? []),
  );
  expect(others).toEqual([]);
  return [OWN, ...MEMBERS].map((account) => role?.replace('*', account) ?? '');
}

describe('without members', () => {
  test('nobody else may send, and no other role may be taken', () => {
    const own = packagedResources();
    expect(Object.values(own).filter(({ Type }) => Type === 'AWS::Events::EventBusPolicy')).toEqual([]);
    expect(eventsOf(OWN).every((event) => takers(own, event) === 1)).toBe(true);
    expect(eventsOf(MEMBERS[0] ?? '').some((event) => takers(own, event) > 0)).toBe(false);
    const taking = grants(own).filter(({ Action }) => list(Action).includes('sts:AssumeRole'));
    const role = `arn:aws:iam::${OWN}:role/scan-response-dev-reader`;
    expect(taking.map(({ Resource }) => list(Resource).map(subOf))).toEqual([[role], [role], [role]]);
  });
});
