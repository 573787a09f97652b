import * as v from 'valibot';
import type { CallSlack } from '../sinks/slack/web-api.ts';

/** Whether somebody may ignore findings: nobody may where no group was named, or where Slack does not say who is in it. */
export type Membership = 'member' | 'stranger' | 'off' | 'unknown';

const Members = v.object({ users: v.array(v.string()) });

/**
 * Reads who is in a user group, by its id. Throws when Slack does not say, as without the scope `usergroups:read`.
 * https://docs.slack.dev/reference/methods/usergroups.users.list
 */
export function readMembers(call: CallSlack): (usergroup: string) => Promise<ReadonlySet<string>> {
  return async (usergroup) => {
    const reply = await call('usergroups.users.list', { usergroup });
    const parsed = reply.ok ? v.safeParse(Members, reply.body) : undefined;
    if (!parsed?.success) throw new Error('Slack does not say who is in the user group');
    return new Set(parsed.output.users);
  };
}

/** Whether somebody is in the group. Never throws. */
export async function membershipOf(
  userId: string,
  group: string | undefined,
  members: (group: string) => Promise<ReadonlySet<string>>,
): Promise<Membership> {
  if (group === undefined) return 'off';
  try {
    return (await members(group)).has(userId) ? 'member' : 'stranger';
  } catch {
    return 'unknown';
  }
}

/** What is said to somebody who may not. */
export const MAY_NOT: Readonly<Record<Exclude<Membership, 'member'>, string>> = {
  stranger: 'Only members of the user group that this deployment names may ignore findings.',
  off: 'Nobody may ignore findings here: deploy with --param="slackUserGroup=S0123456789" to name who may.',
  unknown: 'Slack did not say whether you may ignore findings. Press again; the app needs usergroups:read.',
};
