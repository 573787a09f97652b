import type { ModalView } from '@slack/types';
import type { Image } from '../image/reference.ts';
import { safeText, untrusted } from '../image/untrusted.ts';
import { isDay, toInstant } from '../instant.ts';
import type { AppliedPolicy } from '../policy/document.ts';
import type { IgnoreRule } from '../policy/ignore.ts';
import { addRule } from '../policy-file/add-rule.ts';
import type { ScanFindings } from '../scan/scan-findings.ts';
import { person, richText, section, text } from '../sinks/slack/rich-text.ts';
import type { CallSlack } from '../sinks/slack/web-api.ts';
import { together } from '../together.ts';
import { EVERYWHERE, ignoreView, toldView } from './ignore-view.ts';
import { MAY_NOT, type Membership } from './membership.ts';
import type { Press, Sent } from './pressed.ts';
import { tellAlone } from './tell.ts';

/** What ignoring needs. */
export interface IgnorePorts {
  readonly call: CallSlack;
  readonly now: () => Date;
  readonly membershipOf: (userId: string) => Promise<Membership>;
  readonly loadScanFindings: (image: Image) => Promise<ScanFindings | undefined>;
  readonly loadPolicy: () => Promise<AppliedPolicy | undefined>;
  /** False when somebody else applied another one since `before` was read. */
  readonly savePolicy: (policy: AppliedPolicy, before: AppliedPolicy | undefined) => Promise<boolean>;
}

/** What Slack does with a form that was sent: shows what is wrong in it, or something else in its place. */
export type FormReply =
  | { readonly response_action: 'errors'; readonly errors: Readonly<Record<string, string>> }
  | { readonly response_action: 'update'; readonly view: ModalView };

/** The longest that a rule from here may hold: what is to stay for longer is written into the file of the policy. */
const MOST_DAYS = 365;
const DAY_MS = 86_400_000;
/** Two people at once are one too many for one of them; more are asked to send it again. */
const MOST_TRIES = 3;

/** Opens the form to ignore a finding, to who may. */
export async function openIgnore(press: Press, ports: IgnorePorts): Promise<void> {
  const told = press.actions[0]?.value;
  if (!told) return;
  const [membership, findings] = await together([
    ports.membershipOf(press.user.id),
    ports.loadScanFindings(told.image),
  ]);
  if (membership !== 'member') return tellAlone(press, [MAY_NOT[membership]], ports.call);
  const place = { told, channel: press.channel.id, ts: press.message.ts };
  const view = ignoreView(place, findings?.found ?? [], toInstant(ports.now()).slice(0, 10));
  if (!view) return tellAlone(press, [NOTHING_TO_CHOOSE], ports.call);
  const reply = await ports.call('views.open', { trigger_id: press.trigger_id, view });
  if (!reply.ok) await tellAlone(press, [NOT_OPENED], ports.call);
}

/** Puts the rule of a form that was sent into the policy, as its next version. */
export async function sendIgnore(sent: Sent, ports: IgnorePorts): Promise<FormReply> {
  const { user, view } = sent;
  const membership = await ports.membershipOf(user.id);
  if (membership !== 'member') return shown(MAY_NOT[membership]);
  const rule = ruleOf(view);
  const now = ports.now();
  const dayIsWrong = wrongDay(rule.expires, now);
  if (dayIsWrong) return errors({ expires: dayIsWrong });
  const author = { by: authorOf(user), at: toInstant(now) };
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const before = await ports.loadPolicy();
    const added = addRule(before, rule, author);
    if (!added) return shown(SAID_ALREADY);
    if ('wrong' in added) return errors(inFields(added.wrong));
    if (!(await ports.savePolicy(added.policy, before))) continue;
    await tellThread(sent, rule, ports.call);
    return shown(appliedWords(added.policy));
  }
  return errors({ reason: OVERTAKEN });
}

function shown(words: string): FormReply {
  return { response_action: 'update', view: toldView(words) };
}

function errors(fields: Readonly<Record<string, string>>): FormReply {
  return { response_action: 'errors', errors: fields };
}

function ruleOf({ state: { values }, private_metadata: { told } }: Sent['view']): IgnoreRule {
  const { cve, where, package: name, reason, expires } = values;
  const packageName = name.it.value?.trim();
  const isEverywhere = where.it.selected_option.value === EVERYWHERE;
  return {
    cve: cve.it.selected_option.value,
    ...(packageName && { package: packageName }),
    ...(!isEverywhere && { repository: told.image.repository.name }),
    reason: reason.it.value?.trim() ?? '',
    expires: expires.it.selected_date ?? '',
  };
}

function wrongDay(day: string, now: Date): string | undefined {
  if (!isDay(day)) return 'takes a day';
  if (day < now.toISOString().slice(0, 10)) return 'is over already';
  const last = new Date(now.getTime() + MOST_DAYS * DAY_MS).toISOString().slice(0, 10);
  return day > last ? `is at most ${last}: a rule for longer goes into the file of the policy` : undefined;
}

/** What is wrong, at a field that the form has. */
function inFields(wrong: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const fields = new Set(['cve', 'package', 'reason', 'expires']);
  return Object.fromEntries(
    Object.entries(wrong).map(([key, says]) => [fields.has(key) ? key : 'reason', says]),
  );
}

/** The id stays when somebody changes their name. */
function authorOf({ id, name }: Sent['user']): string {
  return `slack:${id}${name ? ` (${safeText(untrusted(name), 60)})` : ''}`;
}

/** The alert that it began at says so, to all who look at it. */
async function tellThread(
  { user, view: { private_metadata: place } }: Sent,
  { cve, package: name, repository, reason, expires }: IgnoreRule,
  call: CallSlack,
): Promise<void> {
  const what = `${cve}${name ? ` in the package ${safeText(untrusted(name), 100)}` : ''}`;
  const where = repository ? ` in ${repository}` : ' in every repository';
  const why = ` until ${expires}: ${safeText(untrusted(reason), 500)}`;
  const block = richText(section(person(user.id), text(` ignores ${what}${where}${why}`)));
  await call('chat.postMessage', {
    channel: place.channel,
    thread_ts: place.ts,
    text: 'A finding is ignored.',
    blocks: [block],
  });
}

function appliedWords({ number }: AppliedPolicy): string {
  return `Ignored by version ${number} of the policy. It holds within a minute, and what is open is read again within the hour. The file of your policy does not have it: scan-response policy log shows it.`;
}

const SAID_ALREADY = 'The policy has this rule already.';
const OVERTAKEN = 'Others are changing the policy right now: send it again.';
const NOTHING_TO_CHOOSE = 'No finding of this image is on record, so there is none to ignore.';
const NOT_OPENED = 'Slack did not open the form. Press again.';
