import type { Verdict } from '../lookup/contains.ts';
import { type CloneOptions, git } from './git.ts';

const HEX = /^[0-9a-f]{7,64}$/;

/**
 * Whether one commit is an ancestor of another, as a clone on this machine says. Nothing is fetched, and nothing but
 * hexadecimal reaches git's arguments. A shallow clone cannot say no.
 */
export async function isAncestorInClone(
  ancestor: string,
  descendant: string,
  options: CloneOptions,
): Promise<Verdict> {
  if (!HEX.test(ancestor) || !HEX.test(descendant)) return unknown('these are no commits');
  const shallow = await git(['rev-parse', '--is-shallow-repository'], options);
  if (shallow.exit !== 0) return unknown('there is no clone here: say where with --clone, or run it in one');
  for (const commit of [ancestor, descendant]) {
    const { exit } = await git(['cat-file', '-e', `${commit}^{commit}`], options);
    if (exit !== 0)
      return unknown(
        `the clone here does not have ${commit.slice(0, 12)}: fetch it, or it is another repository`,
      );
  }
  const { exit } = await git(['merge-base', '--is-ancestor', ancestor, descendant], options);
  if (exit === 0) return { says: 'yes' };
  if (exit !== 1) return unknown('git could not say within three seconds');
  return shallow.out === 'true'
    ? unknown('the clone here is shallow: git fetch --unshallow')
    : { says: 'no' };
}

function unknown(why: string): Verdict {
  return { says: 'unknown', why };
}
