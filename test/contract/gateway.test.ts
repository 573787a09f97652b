import { describe, expect, test } from 'vitest';
import { resolver } from '../../local/intrinsic.ts';
import { evaluate, part } from './evaluate.ts';
import { ofType, packagedResources, type Resources, stackOf } from './template.ts';
import { packagedWhole } from './whole.ts';

const usual = packagedResources();
const whole = await packagedWhole();
const gateway = part<{ functions: Record<string, object | null>; resources: { Resources?: object } }>(
  'gateway.cjs',
);

function idsOf(resources: Resources, type: string): readonly string[] {
  return ofType(resources, type).map(([id]) => id);
}

test('without a parameter there is no API, no function and no role of it', async () => {
  for (const type of ['Api', 'Route', 'Stage', 'Integration'])
    expect(idsOf(usual, `AWS::ApiGatewayV2::${type}`)).toEqual([]);
  expect(Object.keys(usual).filter((id) => /gateway|asked/i.test(id))).toEqual([]);
  for (const httpApi of ['', 'false', ' '])
    expect(await evaluate(gateway, { httpApi, slackSigningSecretParameter: '' })).toEqual({
      functions: { 'api-asked': null, 'slack-asked': null },
      resources: {},
    });
});

test.each(['yes', 'TRUE', '1'])('%j is refused', async (httpApi) => {
  await expect(evaluate(gateway, { httpApi })).rejects.toThrow('httpApi must be "true"');
});

describe('with all that answers over HTTP', () => {
  test('what is more is the API and its functions; all else is as it was, but that messages have buttons', () => {
    const more = Object.keys(whole).filter((id) => !(id in usual));
    const asked = /^(Gateway|(Api|Slack)(Asked|Dashasked)|(Get|Head)V1Question|PostSlackKind)/;
    expect(more.filter((id) => !asked.test(id))).toEqual([]);
    const comparable = (it: unknown) =>
      JSON.stringify(it)
        .replace(/serverless\/[^"]*\.zip/g, '')
        .replace(/("SCAN_RESPONSE_SLACK_BUTTONS"):"(acknowledge)?"/, '$1');
    for (const [id, resource] of Object.entries(usual))
      expect(comparable(whole[id]), id).toBe(comparable(resource));
  });

  test('each route may run its function, and nothing else of API Gateway may', () => {
    const place = { account: '111122223333', region: 'eu-west-1', queueUrl: (name: string) => name };
    const resolve = resolver(whole, place);
    const permissions = ofType(whole, 'AWS::Lambda::Permission')
      .filter(([, { Properties }]) => Properties.Principal === 'apigateway.amazonaws.com')
      .map(([, { Properties }]) => [resolve(Properties.FunctionName), resolve(Properties.SourceArn)]);
    const named = (name: string) =>
      `arn:aws:lambda:eu-west-1:111122223333:function:scan-response-dev-${name}`;
    const api = 'arn:aws:execute-api:eu-west-1:111122223333:scan-response-dev';
    expect(permissions).toEqual([
      [named('api-asked'), `${api}/*/GET/v1/*`],
      [named('api-asked'), `${api}/*/HEAD/v1/*`],
      [named('slack-asked'), `${api}/*/POST/slack/*`],
    ]);
  });

  test('a route waits no longer than its function runs, and each has a limit of its own', () => {
    const { gateway: definition, functions } = stackOf(whole);
    const keys = ['GET /v1/{question}', 'HEAD /v1/{question}', 'POST /slack/{kind}'];
    expect(definition?.routes.map(({ key }) => key)).toEqual(keys);
    for (const { functionName, timeoutMs, perSecond } of definition?.routes ?? []) {
      const { timeoutSeconds = 0 } = functions.find(({ name }) => name === functionName) ?? {};
      expect([timeoutMs, perSecond > 10]).toEqual([timeoutSeconds * 1000, true]);
    }
  });

  test('the stage waits for the routes that its limits name', () => {
    const { RouteSettings } = whole.GatewayStage?.Properties ?? {};
    const keys = ofType(whole, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => Properties.RouteKey);
    expect(Object.keys(RouteSettings)).toEqual(keys);
    expect(whole.GatewayStage).toMatchObject({ DependsOn: idsOf(whole, 'AWS::ApiGatewayV2::Route') });
  });
});
