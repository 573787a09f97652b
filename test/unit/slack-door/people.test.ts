import { describe, expect, test } from 'vitest';
import { webApi } from '../../../lib/sinks/slack/web-api.ts';
import { membershipOf, readMembers } from '../../../lib/slack-door/membership.ts';
import { readZone } from '../../../lib/slack-door/zone.ts';
import { startSlack } from '../../../local/slack.ts';

/** What the embedded Slack says to a token of this kind. */
async function slack(token?: string) {
  const server = await startSlack();
  const readToken = async () => token ?? server.workspace.token;
  return { server, call: webApi({ readToken, baseUrl: `${server.url}/api` }) };
}

describe('the zone of a person', () => {
  test('is what Slack says', async () => {
    const { server, call } = await slack();
    expect(await readZone(call)('U0LOCAL002')).toBe('Asia/Tokyo');
    await expect(readZone(call)('U0NOBODY')).rejects.toThrow('does not say');
    server.workspace.scopes.delete('users:read');
    await expect(readZone(call)('U0LOCAL002')).rejects.toThrow('does not say');
    await server.close();
  });

  test('is not known to a webhook, nor while Slack is down', async () => {
    const { server, call } = await slack('https://hooks.slack.com/services/x');
    await expect(readZone(call)('U0LOCAL002')).rejects.toThrow('does not say');
    const other = await slack();
    await Promise.all([server.close(), other.server.close()]);
    await expect(readZone(other.call)('U0LOCAL002')).rejects.toThrow('does not say');
  });
});

describe('a member of the group', () => {
  test('is who Slack lists', async () => {
    const { server, call } = await slack();
    const members = readMembers(call);
    const of = (userId: string, group?: string) => membershipOf(userId, group, members);
    expect(await of('U0LOCAL001', 'S0LOCAL001')).toBe('member');
    expect(await of('U0LOCAL002', 'S0LOCAL001')).toBe('stranger');
    expect(await of('U0LOCAL001')).toBe('off');
    expect(await of('U0LOCAL001', 'S0OTHER001')).toBe('unknown');
    server.workspace.scopes.delete('usergroups:read');
    expect(await of('U0LOCAL001', 'S0LOCAL001')).toBe('unknown');
    await server.close();
    expect(await of('U0LOCAL001', 'S0LOCAL001')).toBe('unknown');
  });
});
