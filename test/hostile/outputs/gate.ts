import { annotations, summary } from '../../../lib/cli/gate-github.ts';
import { gateLines } from '../../../lib/cli/gate-text.ts';
import type { Gated } from '../../../lib/cli/gate-words.ts';
import { printable } from '../../../lib/cli/printable.ts';
import { judge } from '../../../lib/gate/judge.ts';
import type { Reading } from '../../../lib/scan/scan.ts';
import { aRegistered } from '../../build/registered.ts';
import { markdownComplaints, textComplaints, WORD_JOINER } from '../rules.ts';
import type { Scene } from '../scene.ts';
import { output } from './output.ts';

const QUESTION = { limits: { CRITICAL: 0 }, onlyFixable: false, ignored: () => false };

/** What a build's log gets of an image that may not be deployed. */
export const gateOutput = output(
  'log of a build',
  (scene) => {
    const gated = gatedOf(scene);
    return { lines: [...gateLines(gated), ...annotations(gated)].map((line) => printable([line])) };
  },
  ({ lines }) => [
    ...lines.flatMap((line) => textComplaints(line)),
    ...(lines.some((line) => /##\[|^\s*::(?!error |notice )/.test(line)) ? ['a command to the log'] : []),
  ],
);

/** The summary of the same. */
export const gateSummary = output(
  'summary of a build',
  (scene) => ({ markdown: summary(gatedOf(scene)) }),
  ({ markdown }) => [
    ...textComplaints(markdown.replaceAll(`@${WORD_JOINER}`, '@'), { lines: true }),
    ...markdownComplaints(markdown, { mark: WORD_JOINER }),
  ],
);

function gatedOf({ notice: { subject, found, unscannable } }: Scene): Gated {
  const { image } = subject;
  const reading: Reading = found
    ? {
        ...{ state: 'scanned', type: found.scanType, counts: found.counts, findings: found.shown },
      }
    : { state: 'unscannable', status: 'FAILED', ...unscannable };
  return {
    reference: 'demo-api:1.4.2',
    registered: aRegistered(image.digest, ['1.4.2']),
    question: QUESTION,
    judgement: judge('image', [{ image, reading }], QUESTION),
    waitedSeconds: 0,
  };
}
