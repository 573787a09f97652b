/** What somebody tries to do with an image. */
export const DIRECTIONS = ['push', 'pull'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** One reason why a push or a pull fails: a row of the table. */
export interface Cause {
  readonly id: CauseId;
  readonly directions: readonly Direction[];
  /** In a few words, what is wrong. */
  readonly title: string;
  /** As docker, ECS and the AWS CLI print it; `…` stands for what differs each time. */
  readonly symptoms: readonly string[];
  readonly because: string;
  /** What decides it, in words; undefined where only the text of the error can tell. */
  readonly check?: string;
  /** The IAM actions that the check needs. */
  readonly asks: readonly string[];
  /** A command or a line of infrastructure as code, with `REGION`, `ACCOUNT`, `REPO` and `TAG` where they stand. */
  readonly fix: string;
  /** Where AWS or docker say so. */
  readonly source: string;
}

/** Every row by its name, first cause first. */
export const CAUSE_IDS = [
  'credentials',
  'registry',
  'network-api',
  'token',
  'docker-login',
  'network-dkr',
  'repository',
  'rights',
  'policy',
  'key',
  'tag-missing',
  'tag-taken',
  'archived',
  'platform',
  'layers',
  'network-s3',
  'nat',
  'disk',
  'limit',
  'throttled',
  'interrupted',
] as const;
export type CauseId = (typeof CAUSE_IDS)[number];
