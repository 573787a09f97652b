import type { Cause } from './cause.ts';

/** Longer texts are cut: an error stands at the beginning or at the end of what is pasted. */
const LONGEST = 100_000;
/** Between two parts of one message: registries, digests and times stand there, not another message. */
const BETWEEN = 1000;

/** The causes that a text of docker, ECS or the AWS CLI may mean, first cause first; none for a text that is not known. */
export function recognise(text: string, causes: readonly Cause[]): readonly Cause[] {
  const shown = plain(text.length > LONGEST ? text.slice(0, LONGEST / 2) + text.slice(-LONGEST / 2) : text);
  return causes.filter(({ symptoms }) =>
    symptoms.some((symptom) => stands(plain(symptom).split('…'), shown)),
  );
}

/** Whether the parts stand in the text one after the other, close by. No pattern: whoever wrote the text may be hostile. */
function stands(parts: readonly string[], text: string): boolean {
  const [first = '', ...rest] = parts;
  for (let start = text.indexOf(first); start >= 0; start = text.indexOf(first, start + 1)) {
    let end = start + first.length;
    const isWhole = rest.every((part) => {
      const next = text.slice(end, end + BETWEEN + part.length).indexOf(part);
      end += next + part.length;
      return next >= 0;
    });
    if (isWhole) return true;
    if (rest.length === 0) return false;
  }
  return false;
}

/** As it is compared: tools and terminals break lines, change quotes and case. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[\u201c\u201d]|\\"/g, '"')
    .replace(/\s+/g, ' ');
}
