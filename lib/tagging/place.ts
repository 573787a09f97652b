import { BadReference } from '../errors.ts';
import { parseRepositoryName } from '../image/reference.ts';

const HOST = /^(?:[a-z0-9](?:[a-z0-9-]{0,62})(?:\.[a-z0-9-]{1,63})*)(?::\d{1,5})?$/;

/**
 * Where the image is pushed: a repository's name, with the registry's host in front when it has a dot or a port, or
 * is `localhost`, as docker tells them apart. Returned as typed. Throws BadReference, also for a tag or a digest.
 */
export function parsePlace(text: string): string {
  const slash = text.indexOf('/');
  const first = text.slice(0, Math.max(slash, 0));
  const isHost = /[.:]/.test(first) || first === 'localhost';
  if (isHost && !HOST.test(first)) throw new BadReference('not the host of a registry before the name');
  const name = isHost ? text.slice(slash + 1) : text;
  if (/[:@]/.test(name)) throw new BadReference('say the repository without a tag: the tags come from git');
  parseRepositoryName(name);
  return text;
}
