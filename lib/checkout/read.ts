import { type CloneOptions, git } from '../ancestry/git.ts';
import { BadReference } from '../errors.ts';
import { parseRepoUrl } from '../image/repo-url.ts';
import type { Checkout } from '../tagging/checkout.ts';

const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
/** A large work tree takes its time, and its list of changes is long. */
const PATIENCE = { timeLimitMs: 60_000, maxOutputBytes: 10_000_000 };
/** A clone's configuration may name a program that a status would run. */
const STATUS = [
  ...['-c', 'core.fsmonitor=false', 'status', '--porcelain=v1', '-z'],
  ...['--no-renames', '--untracked-files=normal'],
];
/** A pre-release is older than its release, which git does not know by itself. */
const TAGS = ['-c', 'versionsort.suffix=-', 'tag', '--sort=-version:refname', '--points-at'];
const NO_CLONE = 'there is no clone here: say where with --clone, or run it in one';
const NOT_TRUSTED =
  'git does not trust the owner of this folder: git config --global --add safe.directory <folder>';

/**
 * What git says of the work tree in a folder. Names of files are counted and never kept; nothing is fetched. Throws
 * BadReference when there is no clone, no commit, or a work tree that git could not compare.
 */
export async function readCheckout(options: CloneOptions): Promise<Checkout> {
  const head = await git(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], options);
  if (head.exit !== 0) throw new BadReference(await whyNoCommit(options));
  if (!COMMIT.test(head.out)) throw new BadReference('git named no commit');
  const [short, shallow, changes, tags, origin] = await Promise.all([
    git(['rev-parse', '--short=7', head.out], options),
    git(['rev-parse', '--is-shallow-repository'], options),
    git(STATUS, options, PATIENCE),
    git([...TAGS, head.out], options, PATIENCE),
    git(['remote', 'get-url', 'origin'], options),
  ]);
  // Without an answer nobody knows whether the image is of the commit.
  if (changes.exit !== 0) throw new BadReference('git could not compare the work tree with its commit');
  const source = origin.exit === 0 ? parseRepoUrl(origin.out) : undefined;
  return {
    commit: head.out,
    short: short.exit === 0 ? short.out : head.out.slice(0, 7),
    isShallow: shallow.out === 'true',
    tags: tags.exit === 0 ? tags.out.split('\n').filter((it) => it !== '') : [],
    ...(source && { source }),
    ...counted(changes.out),
  };
}

/** `XY <path>` and a zero byte for each path: `??` is a file that git does not know. */
function counted(status: string): { readonly changedCount: number; readonly untrackedCount: number } {
  const lines = status.split('\0').filter((line) => line !== '');
  const untrackedCount = lines.filter((line) => line.startsWith('?? ')).length;
  return { changedCount: lines.length - untrackedCount, untrackedCount };
}

async function whyNoCommit(options: CloneOptions): Promise<string> {
  const { exit, complaint } = await git(['rev-parse', '--git-dir'], options);
  if (exit === -1) return 'git is not here, or did not answer: this asks it';
  if (complaint.includes('dubious ownership')) return NOT_TRUSTED;
  return exit === 0 ? 'there is no commit here yet' : NO_CLONE;
}
