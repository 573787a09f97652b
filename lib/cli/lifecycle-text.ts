import { shortDigest } from '../image/digest.ts';
import { safeText } from '../image/untrusted.ts';
import { total } from '../lifecycle/cost.ts';
import type { Verdict } from '../lifecycle/evaluate.ts';
import type { Use } from '../lifecycle/use.ts';
import { bytesText, columns } from './columns.ts';
import { NOT_INCLUDED, UNDOCUMENTED } from './lifecycle-document.ts';
import type { Previewed } from './lifecycle-report.ts';
import { ruleText, useText, whenText } from './lifecycle-words.ts';
import { bothZones } from './time.ts';
import { place, row } from './words.ts';

/** Images that are printed; --json has all of them. */
const PRINTED = 200;
const TAGS = 3;

/** A preview for people: what is lost first, then what goes, oldest first. */
export function previewLines(previewed: Previewed, withKept: boolean): readonly string[] {
  const { repository, at, file, rules, preview } = previewed;
  const { verdicts, before, after } = preview;
  const going = verdicts.filter(({ fate }) => fate !== 'kept');
  const freed = total(before) - total(after);
  const listed = (withKept ? verdicts : going).toSorted(byPush);
  return [
    `${place(repository)}: ${going.length} of ${verdicts.length} images would go, ${bytesText(freed)} of ${bytesText(total(before))}`,
    row('as of', `${bothZones(at)}; ECR acts within 24 hours of it`),
    row('policy', file ?? 'the repository’s own'),
    ...rules.map((rule) => row('rule', `${rule.priority}: ${ruleText(rule)}`)),
    ...lossLines(previewed),
    ...(listed.length > 0 ? ['', ...tableOf(listed.slice(0, PRINTED), preview.uses), ''] : []),
    ...(listed.length > PRINTED
      ? [row('', `${listed.length - PRINTED} more are not printed; --json has all`)]
      : []),
    ...boundLines(previewed),
  ];
}

function byPush(a: Verdict, b: Verdict): number {
  return a.image.pushedAt < b.image.pushedAt ? -1 : 1;
}

function lossLines({ preview: { losses, uses, missing }, unknownUse }: Previewed): readonly string[] {
  const lines = (word: string, verdicts: readonly Verdict[], as: Use['as']) =>
    verdicts.map((it) => {
      const by = (uses.get(it.image.digest) ?? []).filter(
        (use) => use.as === as && use.relation === 'itself',
      );
      return row(word, `${shortDigest(it.image.digest)} ${by.map(useText).join(', ')}: ${whenText(it)}`);
    });
  return [
    ...lines('LOST', losses.running, 'runs'),
    ...lines('WARNING', losses.rollback, 'rollback'),
    ...lines('WARNING', losses.followed, 'followed'),
    ...lines('LATER', losses.later, 'runs'),
    ...missing.map(({ digest, ...it }) =>
      row(
        'MISSING',
        `${shortDigest(digest)} ${useText({ ...it, relation: 'itself' })}: it is not in the registry`,
      ),
    ),
    ...(unknownUse === undefined ? [] : [row('UNKNOWN', `what runs: ${unknownUse}`)]),
  ];
}

function tableOf(verdicts: readonly Verdict[], uses: Previewed['preview']['uses']): readonly string[] {
  return columns([
    ['image', 'tags', 'size', 'pushed', 'rule', 'goes', 'used'],
    ...verdicts.map((verdict) => {
      const { image, rule } = verdict;
      return [
        shortDigest(image.digest),
        tagsText(verdict),
        image.kind === 'index' ? 'index' : bytesText(image.sizeBytes),
        bothZones(image.pushedAt),
        rule ? String(rule.priority) : '-',
        whenText(verdict),
        (uses.get(image.digest) ?? []).map(useText).join(', '),
      ];
    }),
  ]).map((line) => `  ${line}`);
}

function tagsText({ image: { tags } }: Verdict): string {
  const shown = tags.slice(0, TAGS).map((tag) => safeText(tag, 40));
  return [...shown, ...(tags.length > TAGS ? [`+${tags.length - TAGS}`] : [])].join(',') || '-';
}

function boundLines({ preview: { unknownIndexes }, unknownUse }: Previewed): readonly string[] {
  return [
    ...(unknownIndexes > 0
      ? [
          row(
            'BOUND',
            `what ${unknownIndexes === 1 ? '1 index lists' : `${unknownIndexes} indexes list`} is not known: such images are said to go, and ECR keeps them. --manifests asks ECR`,
          ),
        ]
      : []),
    ...(unknownUse === undefined ? [row('not in it', NOT_INCLUDED.join('; '))] : []),
    row('careful', UNDOCUMENTED.join('; ')),
  ];
}
