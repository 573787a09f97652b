import * as v from 'valibot';
import { lenient, lenientList, lenientText, lenientTexts } from '../lenient.ts';

/** Where something that went into a build came from. */
export interface Material {
  readonly uri?: string | undefined;
  /** Hashes in hex by the name of their algorithm. */
  readonly digest: ReadonlyMap<string, string>;
}

/** What a provenance says of a build, as far as it is about commits: the same for every version of SLSA's predicate. */
export interface BuildFacts {
  readonly buildType: string;
  /** What the builder was told to build. */
  readonly context: Material | undefined;
  readonly materials: readonly Material[];
  /** What the client said about the directory that it sent. */
  readonly vcs: { readonly source?: string | undefined; readonly revision?: string | undefined } | undefined;
  /** What the builder's machine said about its GitHub workflow. */
  readonly github: GithubContext;
  readonly builderId: string | undefined;
  readonly invocationId: string | undefined;
}

export const Material = v.object({ uri: lenientText, digest: lenientTexts });
export const Materials = lenientList(Material);
export const Vcs = lenient(v.object({ source: lenientText, revision: lenientText }));
export const Builder = lenient(v.object({ id: lenientText }));

/** The flattened environment that BuildKit adds on GitHub's runners. */
export const Github = lenient(
  v.object({
    github_repository: lenientText,
    github_server_url: lenientText,
    github_workflow_sha: lenientText,
    github_run_id: lenientText,
    github_run_attempt: lenientText,
    github_event_payload: lenient(v.object({ after: lenientText })),
  }),
);
type GithubContext = v.InferOutput<typeof Github>;
