import type { Labels } from './labels.ts';

/** What is printed: names, with the repository in front of the tags where it was said, and labels. */
export interface Naming {
  readonly commit: string;
  /** The first is the one that never moves. */
  readonly names: readonly string[];
  readonly labels: Labels;
}

/** The target that others inherit from: `inherits = ["scan-response-tags"]`. */
const TARGET = 'scan-response-tags';
/** None of these means anything to a shell, wherever it stands in a word; a tilde only begins a home at its start. */
const PLAIN = /^[A-Za-z0-9._%:/=@-][A-Za-z0-9._%:/=@~-]*$/;

/** One line of arguments for `docker build` and `docker buildx build`. */
export function forDocker({ names, labels }: Naming): string {
  const words = [
    ...names.flatMap((name) => ['--tag', name]),
    ...pairs(labels).flatMap((pair) => ['--label', pair]),
  ];
  return words.map(quoted).join(' ');
}

/** A file for `docker buildx bake -f docker-bake.hcl -f <it>`, in lines. */
export function forBake({ names, labels }: Naming): readonly string[] {
  return JSON.stringify({ target: { [TARGET]: { tags: names, labels } } }, undefined, 2).split('\n');
}

/**
 * Lines for `$GITHUB_OUTPUT`: `image`, `commit`, `version`, `tags` and `labels`.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#multiline-strings
 */
export function forGitHub({ commit, names, labels }: Naming): readonly string[] {
  return [
    ...multiline('image', names.slice(0, 1)),
    ...multiline('commit', [commit]),
    ...multiline('version', [labels['org.opencontainers.image.version'] ?? '']),
    ...multiline('tags', names),
    ...multiline('labels', pairs(labels)),
  ];
}

export function pairs(labels: Labels): readonly string[] {
  return Object.entries(labels).map(([name, value]) => `${name}=${value}`);
}

/** No line of the value can be its end. */
function multiline(name: string, lines: readonly string[]): readonly string[] {
  let end = 'END';
  while (lines.includes(end)) end += '-';
  return [`${name}<<${end}`, ...lines, end];
}

function quoted(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
