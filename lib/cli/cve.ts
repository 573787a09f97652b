import { BadReference } from '../errors.ts';
import { shortDigest } from '../image/digest.ts';
import { safeText, untrusted } from '../image/untrusted.ts';
import { toInstant } from '../instant.ts';
import type { AffectedImage } from '../lookup/affected-image.ts';
import { type AffectedUse, type CveAnswer, cve, type Period } from '../lookup/cve.ts';
import { isFindingId } from '../scan/indexed-image.ts';
import { type Command, EXIT, type Options, type Output } from './command.ts';
import { PERIOD } from './options.ts';
import { tasksText, workloadText } from './run-words.ts';
import { bothZones, parseTime } from './time.ts';
import { row, unanswered } from './words.ts';

const SCHEMA = 'scan-response.cve/v1';

/** Images that are printed; the JSON has what the look-up has. */
const PRINTED = 30;

export const cveCommand: Command = {
  usage: 'cve <CVE-…> [--from TIME [--to TIME]]',
  summary: 'Which images have a finding, and which services run them, or ran them in a time.',
  options: PERIOD,
  takesReference: 'always',
  async run(text, options, { lookup }): Promise<Output> {
    if (!isFindingId(text))
      throw new BadReference(
        `not the id of a finding: ${JSON.stringify(safeText(untrusted(text), 40))}. Try CVE-2026-1234 or GHSA-…`,
      );
    const ports = lookup();
    const answer = await cve(text, periodOf(options, ports.now()), ports);
    if (answer.found === 'nothing') return unanswered(SCHEMA, answer);
    return {
      exit: EXIT.found,
      lines: describe(answer),
      document: { schema: SCHEMA, reference: text, ...answer },
    };
  },
};

function periodOf({ from, to, fold }: Options, now: Date): Period | undefined {
  if (from === undefined && to === undefined) return undefined;
  if (from === undefined) throw new BadReference('say from when with --from; --to alone begins nowhere');
  const period = {
    from: parseTime(from, now, { fold }),
    to: to === undefined ? toInstant(now) : parseTime(to, now, { fold }),
  };
  if (period.from > period.to) throw new BadReference('--from is later than --to');
  return period;
}

function describe(answer: CveAnswer): readonly string[] {
  const { id, period, repositories, images, services, elsewhere, bounds } = answer;
  const names = new Set(services.map(workloadText));
  const verb = period ? 'ran it' : `${names.size === 1 ? 'runs' : 'run'} it now`;
  return [
    `${id}  ${count(names.size, 'service')} ${verb}, ${count(bounds.imagesFound, 'image')} in ${count(repositories.length, 'repository', 'repositories')}`,
    ...(period ? [row('period', `${bothZones(period.from)} to ${bothZones(period.to)}`)] : []),
    ...services.flatMap((it) => useLines(it, period ? 'ran' : 'runs', images)),
    ...elsewhere.map((it) =>
      row('not', `${workloadText(it)}: the same image on ${it.architecture}, where it was not found`),
    ),
    ...images.slice(0, PRINTED).flatMap(imageLines),
    ...repositories.map(({ name, account, region, listed, noLongerListed }) =>
      row(
        'where',
        `${name} in ${account}/${region}: ${count(listed, 'image')}${noLongerListed > 0 ? `, no longer listed in ${noLongerListed}` : ''}`,
      ),
    ),
    ...boundsLines(answer),
  ];
}

function useLines(use: AffectedUse, verb: string, images: readonly AffectedImage[]): readonly string[] {
  const { startedAt, lastStoppedAt, tasks, repository, digest, deployment, isThatPlatform } = use;
  const commit = images.find((it) => it.digest === use.scanned)?.provenance?.best.commit.slice(0, 12);
  const end = tasks > 0 || !lastStoppedAt ? '' : ` until ${bothZones(lastStoppedAt)}`;
  const doubt = isThatPlatform === undefined ? ', ECS did not say on which platform' : '';
  return [
    row(
      verb,
      `${workloadText(use)} (${use.name})  ${commit ?? 'commit unknown'}  ${repository.name} ${digest ? shortDigest(digest) : ''}`,
    ),
    row('', `${tasksText(use)}, from ${bothZones(startedAt)}${end}, by ${deployment}${doubt}`),
    ...(use.noLongerListedSince
      ? [row('', `its scans list it no more since ${bothZones(use.noLongerListedSince)}`)]
      : []),
  ];
}

function imageLines(image: AffectedImage): readonly string[] {
  const { repository, digest, severity, platforms, until, pushedAt, tagsNow, tagsEver, provenance } = image;
  const where = platforms.length > 0 ? ` on ${platforms.join(', ')}` : '';
  const past = tagsEver.filter((tag) => !tagsNow.includes(tag));
  const tags = [
    ...(tagsNow.length > 0 ? [`now ${tagsNow.join(', ')}`] : []),
    ...(past.length > 0 ? [`once ${past.join(', ')}`] : []),
  ];
  return [
    row(
      'image',
      `${repository.name} ${shortDigest(digest)}  ${provenance?.best.commit.slice(0, 12) ?? 'commit unknown'}  ${severity.toLowerCase()}${where}`,
    ),
    row('', `pushed ${bothZones(pushedAt)}; ${tags.join('; ') || 'no tag'}`),
    ...(until ? [row('', `no longer listed since ${bothZones(until)}`)] : []),
  ];
}

function boundsLines({ bounds }: CveAnswer): readonly string[] {
  const { imagesFound, imagesChecked, imagesCutShort, isWhole, notIncluded } = bounds;
  return [
    ...(imagesFound > PRINTED
      ? [row('', `${imagesFound - PRINTED} older images are not printed; --json has more`)]
      : []),
    ...(imagesChecked < imagesFound
      ? [row('BOUND', `only the newest ${imagesChecked} images were held against what runs`)]
      : []),
    ...(isWhole ? [] : [row('BOUND', 'a repository has more scanned images than were read')]),
    ...(imagesCutShort > 0
      ? [row('BOUND', `of ${count(imagesCutShort, 'image')} the mildest findings are not indexed`)]
      : []),
    row('not in it', notIncluded.join('; ')),
  ];
}

function count(number: number, one: string, several = `${one}s`): string {
  return `${number} ${number === 1 ? one : several}`;
}
