import type { PolicyDocument, PolicySettings } from '../policy/document.ts';
import type { IgnoreRule } from '../policy/ignore.ts';

/** What a rule is about, in a line. */
export function subjectOf({ cve = '*', package: name, path, repository = '*' }: IgnoreRule): string {
  return [cve, name && `package ${name}`, path && `path ${path}`, `in ${repository}`]
    .filter(Boolean)
    .join(' ');
}

/** What changes from one policy to another, a line each, with `+`, `-` or `~` in front; none when nothing does. */
export function changesBetween(before: PolicyDocument | undefined, after: PolicyDocument): readonly string[] {
  const [old, fresh] = [before ?? { version: 1 as const }, after];
  return [
    ...settingLines('', old, fresh),
    ...listLines('repository', namesOf(old), namesOf(fresh)),
    ...(fresh.repositories ?? []).flatMap(({ name, ...settings }) => {
      const known = old.repositories?.find((it) => it.name === name);
      return settingLines(`${name}: `, known ?? {}, settings);
    }),
    ...listLines('ignore', rulesOf(old), rulesOf(fresh)),
  ];
}

const SETTINGS = [
  ...['track', 'notifyAt', 'onlyFixable', 'renotifyAfter', 'owner', 'slackChannel', 'snsAttributes'],
  ...['quietHours', 'digest'],
] as readonly (keyof PolicySettings)[];

function settingLines(where: string, before: PolicySettings, after: PolicySettings): readonly string[] {
  return SETTINGS.flatMap((key) => {
    const [old, fresh] = [JSON.stringify(before[key]), JSON.stringify(after[key])];
    if (old === fresh) return [];
    if (old === undefined) return [`+ ${where}${key} ${fresh}`];
    return [fresh === undefined ? `- ${where}${key} ${old}` : `~ ${where}${key} ${old} → ${fresh}`];
  });
}

function listLines(what: string, before: readonly string[], after: readonly string[]): readonly string[] {
  return [
    ...after.filter((it) => !before.includes(it)).map((it) => `+ ${what} ${it}`),
    ...before.filter((it) => !after.includes(it)).map((it) => `- ${what} ${it}`),
  ];
}

function namesOf({ repositories = [] }: PolicyDocument): readonly string[] {
  return repositories.map(({ name }) => name);
}

function rulesOf({ ignore = [] }: PolicyDocument): readonly string[] {
  return ignore.map((rule) => `${subjectOf(rule)} until ${rule.expires}: ${rule.reason}`);
}
