import type { Run } from './paragraphs.ts';
import { widthOf } from './width.ts';

/** What a line may hold. */
export interface Measure {
  readonly widthPx: number;
  readonly sizePx: number;
  /** All of it is bold, whatever its runs are. */
  readonly isBold?: boolean;
}

/** A word, or the spaces between two. */
interface Piece {
  readonly run: Run;
  readonly widthPx: number;
}

/** Breaks a line at its spaces to a width; a word that is wider than all of it is broken anywhere. */
export function wrap(runs: readonly Run[], measure: Measure): readonly (readonly Run[])[] {
  const lines: Run[][] = [[]];
  let usedPx = 0;
  for (const { run, widthPx } of runs.flatMap((run) => piecesOf(run, measure))) {
    const isOver = usedPx > 0 && usedPx + widthPx > measure.widthPx;
    if (isOver) {
      lines.push([]);
      usedPx = 0;
    }
    // A line does not begin with the space that it was broken at.
    if (isOver && run.text.trim() === '') continue;
    lines.at(-1)?.push(run);
    usedPx += widthPx;
  }
  return lines.map(joined).filter((line) => line.length > 0);
}

/** How wide a line is at most, in pixels. */
export function lineWidth(line: readonly Run[], measure: Measure): number {
  return line.reduce((sum, run) => sum + widthOfRun(run, measure), 0);
}

function widthOfRun({ text, style }: Run, { sizePx, isBold = false }: Measure): number {
  return widthOf(text, sizePx, isBold || style === 'bold');
}

/** None of them is wider than a line. */
function piecesOf({ text, style }: Run, measure: Measure): readonly Piece[] {
  return (text.match(/\s+|\S+/gu) ?? []).flatMap((word) => {
    const piece = pieceOf({ text: word, style }, measure);
    return piece.widthPx <= measure.widthPx ? [piece] : cut(piece.run, measure);
  });
}

function pieceOf(run: Run, measure: Measure): Piece {
  return { run, widthPx: widthOfRun(run, measure) };
}

function cut({ text, style }: Run, measure: Measure): readonly Piece[] {
  const pieces: string[] = [''];
  let usedPx = 0;
  for (const character of text) {
    const widthPx = widthOfRun({ text: character, style }, measure);
    if (usedPx + widthPx > measure.widthPx) {
      pieces.push('');
      usedPx = 0;
    }
    pieces[pieces.length - 1] += character;
    usedPx += widthPx;
  }
  return pieces.map((piece) => pieceOf({ text: piece, style }, measure));
}

/** Neighbours of one style as one run. */
function joined(pieces: readonly Run[]): readonly Run[] {
  const runs: Run[] = [];
  for (const { text, style } of pieces) {
    const last = runs.at(-1);
    if (last?.style === style) runs[runs.length - 1] = { text: last.text + text, style };
    else runs.push({ text, style });
  }
  return runs;
}
