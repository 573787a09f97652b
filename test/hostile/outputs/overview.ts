import { printable } from '../../../lib/cli/printable.ts';
import { repositoriesLines } from '../../../lib/cli/repositories-report.ts';
import type { ReferenceState } from '../../../lib/lookup/reference-state.ts';
import type { RepositoryState } from '../../../lib/lookup/repository-state.ts';
import { aWorkload } from '../../build/ecs.ts';
import { aDigest, aRepository, at } from '../../build/lineage.ts';
import { textComplaints } from '../rules.ts';
import type { Scene } from '../scene.ts';
import { output } from './output.ts';

const DIGEST = aDigest('b');

/** What the list of all repositories has to say of tables into which somebody wrote by hand, as main prints it. */
export const overviewOutput = output(
  'overview',
  (scene) => {
    const lines = repositoriesLines({ found: 'list', at: at('03:00'), repositories: [stateIn(scene)] });
    return { text: printable(lines), lineCount: lines.length };
  },
  ({ text, lineCount }) => [
    ...textComplaints(text, { lines: true }),
    ...(text.split('\n').length === lineCount ? [] : ['a line that nobody of us wrote']),
  ],
);

function stateIn({ notice: { subject }, words: [word = '', other = ''] }: Scene): RepositoryState {
  const reference: ReferenceState = {
    ...{ reference: word, digest: DIGEST, since: at('02:00'), state: 'not-scanned', status: other },
    ...(subject.provenance && { provenance: subject.provenance }),
  };
  const services = [{ ...aWorkload({ name: word, cluster: other }), tasks: 1 }];
  return {
    repository: aRepository({ name: word, region: other }),
    standing: 'not-scanned',
    references: [reference],
    running: [{ digest: DIGEST, reference: other, services }],
    history: 'never',
    isWhole: false,
  };
}
