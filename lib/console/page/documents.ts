import type { CommitAnswer } from '../../lookup/commit.ts';
import type { CveAnswer } from '../../lookup/cve.ts';
import type { DiffAnswer } from '../../lookup/diff.ts';
import type { AnswerDoubt } from '../../lookup/doubts.ts';
import type { HistoryAnswer } from '../../lookup/history.ts';
import type { Life } from '../../lookup/life.ts';
import type { RepositoriesAnswer } from '../../lookup/repositories.ts';
import type { ServiceAnswer } from '../../lookup/service.ts';
import type { SourceLinks } from '../../lookup/source-links.ts';
import type { WhoAnswer } from '../../lookup/who.ts';
import type { KeptFinding } from '../../scan/scan-findings.ts';

// The documents of the commands, as `docs/schemas` says them: an answer of the look-up, and what the command adds.

export interface ImageDocument extends WhoAnswer {
  readonly schema: 'scan-response.who/v1';
  readonly reference: string;
  readonly doubts: readonly AnswerDoubt[];
  readonly links: SourceLinks;
  readonly part?: string;
  readonly findings?: readonly KeptFinding[];
  readonly areFindingsWhole?: boolean;
}

export interface CommitDocument extends Omit<CommitAnswer, 'found'> {
  readonly schema: 'scan-response.who/v1';
  readonly found: 'commit';
  readonly links: SourceLinks;
}

export interface ServiceDocument extends ServiceAnswer {
  readonly schema: 'scan-response.service/v1';
}

export interface CveDocument extends CveAnswer {
  readonly schema: 'scan-response.cve/v1';
}

export interface RepositoriesDocument extends RepositoriesAnswer {
  readonly schema: 'scan-response.repositories/v1';
}

export interface HistoryDocument extends HistoryAnswer {
  readonly images?: readonly Life[];
}

export interface DiffDocument extends DiffAnswer {
  readonly links: SourceLinks;
}

/** What `who` may answer, whatever was asked for. */
export type WhoDocument = ImageDocument | CommitDocument | ServiceDocument | CveDocument;
