import { type Untrusted, untrusted } from './untrusted.ts';

/** A source repository, and what of it was built. Made of checked parts only: nothing else of the text survives. */
export interface RepoUrl {
  /** Lower case, with its port where that is not 443. */
  readonly host: string;
  /** Without a slash at either end and without `.git`. */
  readonly path: string;
  readonly ref?: string;
  readonly directory?: string;
}

const MAX_LENGTH = 500;
/** Browsers read a backslash as a slash, and leave line breaks out. */
const NEVER = /[\\\s\p{Cc}]/u;
const HOST = /^[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}$/;
const PORT = /^\d{1,5}$/;
const SEGMENT = /^(?:[A-Za-z0-9._~-]|%20)+$/;
const REF = /^[A-Za-z0-9._/+-]{1,200}$/;
const CODECOMMIT = /^codecommit::([a-z0-9-]+):\/\/(?:[^/@\s]*@)?([A-Za-z0-9._-]+)$/;
const SCP = /^(?:[^/@\s:]+@)?([A-Za-z0-9.-]+):(?!\/)(.+)$/;
const SCHEME = /^(?:git\+)?(https?|ssh|git):\/\//;

/**
 * Reads the address of a source repository in the forms that build tools write: https, ssh and git addresses,
 * `git@host:path`, `git+https://…@ref`, `…git#ref:directory`, CodeCommit's helper. Undefined for anything else.
 * User names and passwords, queries and everything that is not a plain name are left behind.
 */
export function parseRepoUrl(text: string | undefined): RepoUrl | undefined {
  if (!text || !isPossible(text)) return undefined;
  const helper = CODECOMMIT.exec(text);
  if (helper) return { host: `git-codecommit.${helper[1]}.amazonaws.com`, path: `v1/repos/${helper[2]}` };
  const { address, ref, directory } = cutRef(text);
  const place = parseAddress(address);
  const path = place && cleanPath(place.path);
  if (!path) return undefined;
  return {
    ...canonical(place.host, path),
    ...optionalName('ref', ref),
    ...optionalName('directory', directory),
  };
}

/** The address as it is kept and compared; a web address at most of the hosts. */
export function formatRepoUrl({ host, path }: RepoUrl): Untrusted {
  return untrusted(`https://${host}/${path}`);
}

/** True when both name one repository; hosts that tell upper from lower case have no two that differ only in it. */
export function sameRepository(one: RepoUrl, other: RepoUrl): boolean {
  const key = ({ host, path }: RepoUrl) => `${host}/${path}`.toLowerCase();
  return key(one) === key(other);
}

/** An https address of a page, without user, query and fragment; undefined for everything else. */
export function parsePageUrl(text: string | undefined): Untrusted | undefined {
  if (!text?.startsWith('https://') || !isPossible(text)) return undefined;
  const place = parseAddress(text.split(/[?#]/, 1)[0] ?? '');
  const path = place && cleanPath(place.path);
  return path ? untrusted(`https://${place.host}/${path}`) : undefined;
}

interface Place {
  readonly host: string;
  readonly path: string;
}

function isPossible(text: string): boolean {
  return text.length <= MAX_LENGTH && !NEVER.test(text);
}

/** `#ref:directory` as BuildKit writes it, `@ref` as in-toto's git addresses have it. */
function cutRef(text: string): { address: string; ref?: string | undefined; directory?: string | undefined } {
  const hash = text.indexOf('#');
  if (hash >= 0) {
    const [ref, directory] = text.slice(hash + 1).split(':', 2);
    return { address: text.slice(0, hash), ref, directory };
  }
  const pathAt = text.indexOf('/', text.indexOf('://') + 3);
  const at = text.startsWith('git+') && pathAt > 0 ? text.indexOf('@', pathAt) : -1;
  return at < 0 ? { address: text } : { address: text.slice(0, at), ref: text.slice(at + 1) };
}

function parseAddress(text: string): Place | undefined {
  const scheme = SCHEME.exec(text);
  if (scheme) return parseAuthority(text.slice(scheme[0].length), scheme[1] ?? '');
  if (text.includes('://')) return undefined;
  const scp = SCP.exec(text);
  if (scp) return checkedHost(scp[1] ?? '', undefined, scp[2] ?? '');
  return parseAuthority(text, 'https');
}

function parseAuthority(text: string, scheme: string): Place | undefined {
  const [authority = '', ...rest] = (text.split('?', 1)[0] ?? '').split('/');
  const [host = '', port] = authority.slice(authority.lastIndexOf('@') + 1).split(':', 2);
  if (port !== undefined && !PORT.test(port)) return undefined;
  // The port of ssh and git says nothing about the web address.
  const isUsual = scheme === 'https' ? port === '443' : true;
  return checkedHost(host, isUsual ? undefined : port, rest.join('/'));
}

function checkedHost(host: string, port: string | undefined, path: string): Place | undefined {
  const lower = host.toLowerCase();
  return HOST.test(lower) ? { host: port ? `${lower}:${port}` : lower, path } : undefined;
}

function cleanPath(path: string): string | undefined {
  const segments = path
    .replace(/\.git\/?$/, '')
    .split('/')
    .filter((it) => it !== '');
  const isPlain = segments.every((it) => SEGMENT.test(it) && it !== '.' && it !== '..');
  return isPlain && segments.length > 0 ? segments.join('/') : undefined;
}

/** Azure DevOps has three addresses for one repository. */
function canonical(host: string, path: string): Place {
  const [first, organization, project, repo] = path.split('/');
  if (host === 'ssh.dev.azure.com' && first === 'v3' && repo)
    return { host: 'dev.azure.com', path: `${organization}/${project}/_git/${repo}` };
  const old = /^([a-z0-9-]+)\.visualstudio\.com$/.exec(host);
  if (old) return { host: 'dev.azure.com', path: `${old[1]}/${path.replace(/^DefaultCollection\//, '')}` };
  return { host, path };
}

function optionalName<K extends 'ref' | 'directory'>(
  key: K,
  text: string | undefined,
): { readonly [P in K]?: string } {
  return text && REF.test(text) ? ({ [key]: text } as { readonly [P in K]: string }) : {};
}
