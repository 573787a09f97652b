import { explain } from '../../../lib/cli/failure.ts';
import { asciiJson, printable } from '../../../lib/cli/printable.ts';
import { commitLines, place, row, scanText, unanswered } from '../../../lib/cli/words.ts';
import { aDigest, aRepository } from '../../build/lineage.ts';
import { aScan } from '../../build/scan.ts';
import { textComplaints } from '../rules.ts';
import type { Scene } from '../scene.ts';
import { output } from './output.ts';

const SCAN = aScan();
const DIGEST = aDigest('b');

/** What the look-ups have to say of tables into which somebody wrote by hand, as main prints it. */
export const terminalOutput = output(
  'terminal',
  ({ notice: { subject, platforms }, words: [word = '', other = ''] }) => {
    const { lines: nothing } = unanswered('x/v1', { found: 'nothing', why: word, hint: other });
    const lines = [
      row('tags', word),
      ...commitLines(subject.provenance).map((line) => row('commit', line)),
      row('scan', scanText({ ...SCAN, platforms: platforms.map((it) => ({ ...it, platform: word })) })),
      row('where', place(aRepository({ name: other }))),
      ...nothing,
      explain(new Error(word)).message,
    ];
    return { text: printable(lines), lineCount: lines.length };
  },
  ({ text, lineCount }) => [
    ...textComplaints(text, { lines: true }),
    ...(text.split('\n').length === lineCount ? [] : ['a line that nobody of us wrote']),
  ],
);

/** The same with --json: complete, and escaped. */
export const jsonOutput = output(
  'JSON',
  (scene) => {
    const document = documentOf(scene);
    return { text: asciiJson(document), document };
  },
  ({ text, document }) => [
    ...(/^[ -~]*$/.test(text) ? [] : ['more than a line of ASCII']),
    ...(JSON.stringify(JSON.parse(text)) === JSON.stringify(document) ? [] : ['another document']),
  ],
);

function documentOf({ notice: { subject, platforms }, words: [word = '', other = ''] }: Scene) {
  const image = { tags: [word, other], platforms: [{ digest: DIGEST, platform: word }] };
  return { schema: 'x/v1', reference: word, ...subject, image, scan: { ...SCAN, platforms } };
}
