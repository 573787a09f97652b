import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { HELP } from '../../lib/slack-door/help.ts';
import { readQuestion } from '../../lib/slack-door/question.ts';
import { aWorkspace } from '../../local/slack-api.ts';
import { ofType } from './template.ts';
import { packagedWhole } from './whole.ts';

const guide = readFileSync('docs/slack-command.md', 'utf8');
const alerts = readFileSync('docs/slack.md', 'utf8');
const manifest = parse(readFileSync('docs/slack-app.yml', 'utf8'));
const scopes: readonly string[] = manifest.oauth_config.scopes.bot;
const [command] = manifest.features.slash_commands;

function scopesIn(text: string): readonly string[] {
  return [...text.matchAll(/^\| `([a-z:]+)` +\|/gm)].map(([, scope = '']) => scope);
}

describe('the manifest', () => {
  test('asks for the scopes that the guides explain, and for no other', () => {
    expect([...scopes].sort()).toEqual([...new Set([...scopesIn(guide), ...scopesIn(alerts)])].sort());
  });

  test('asks for all that the embedded Slack gives', () => {
    expect([...aWorkspace().scopes].filter((scope) => !scopes.includes(scope))).toEqual([]);
  });

  test('leads to the route that there is', async () => {
    const routes = ofType(await packagedWhole(), 'AWS::ApiGatewayV2::Route').map(
      ([, { Properties }]) => Properties.RouteKey,
    );
    expect(routes).toContain('POST /slack/{kind}');
    const urls = [command.url, manifest.settings.interactivity.request_url];
    expect(urls.map((url) => new URL(url).pathname)).toEqual(['/slack/command', '/slack/interaction']);
  });

  test('names the command that the help and the guide name', () => {
    const named = [...guide.matchAll(/`(\/\w+) /g), ...HELP.join('\n').matchAll(/^(\/\w+) /gm)];
    expect([...new Set(named.map(([, name]) => name))]).toEqual([command.command]);
  });
});

const examples = [
  ...[...guide.matchAll(/^\| `\/lineage ([^`]+)`.*?\| `([^`]+)`/gm)].map(([, text = '', typed = '']) => [
    text,
    typed,
  ]),
];

describe('each example of the guide', () => {
  test('is there', () => {
    expect(examples.length).toBeGreaterThan(5);
  });

  test.each(examples)('%s is %s', (text, typed = '') => {
    const asked = readQuestion(text ?? '')?.typed.replaceAll("'", '"');
    expect(asked).toMatch(new RegExp(`^scan-response ${typed.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`));
  });
});

test('the parameters that the guide names are there', () => {
  const text = readFileSync('serverless.yml', 'utf8').replaceAll(/!(GetAtt|Ref|Sub) /g, '');
  const { params } = parse(text);
  const named = [...guide.matchAll(/--param="(\w+)=/g)].map(([, name = '']) => name);
  expect(named).toEqual(['slackSigningSecretParameter', 'slackUserGroup']);
  expect(named.filter((name) => !Object.hasOwn(params.default, name))).toEqual([]);
});
