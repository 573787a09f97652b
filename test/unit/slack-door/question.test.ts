import { describe, expect, test } from 'vitest';
import { readQuestion } from '../../../lib/slack-door/question.ts';

function read(text: string) {
  const question = readQuestion(text);
  if (!question) return 'help';
  const { name, parameters, zone, isShared } = question;
  return [name, `${parameters}`.replaceAll('+', ' ').replaceAll('%3A', ':'), zone, isShared && 'shared']
    .filter(Boolean)
    .join(' | ');
}

describe('what is typed behind /lineage', () => {
  test.each([
    ['demo-api:latest', 'who | reference=demo-api:latest'],
    ['demo-api:latest yesterday 03:10', 'who | reference=demo-api:latest&at=yesterday 03:10'],
    ['  demo-api:latest   2026-11-20   03:10  ', 'who | reference=demo-api:latest&at=2026-11-20 03:10'],
    ['who demo-api:latest 3h ago', 'who | reference=demo-api:latest&at=3h ago'],
    ['demo-api:latest --at "yesterday 03:10"', 'who | reference=demo-api:latest&at=yesterday 03:10'],
    ['demo-api:latest “yesterday 03:10”', 'who | reference=demo-api:latest&at=yesterday 03:10'],
    ['demo-api:latest —at yesterday', 'who | reference=demo-api:latest&at=yesterday'],
    ['demo-api:latest@{yesterday 03:10}', 'who | reference=demo-api:latest%40%7Byesterday 03:10%7D'],
    ['demo-api:latest~1', 'who | reference=demo-api:latest%7E1'],
    ['CVE-2026-1234', 'cve | reference=CVE-2026-1234'],
    ['GHSA-abcd-efgh-ijkl --from yesterday', 'cve | reference=GHSA-abcd-efgh-ijkl&from=yesterday'],
    ['history demo-api:latest --limit 3', 'history | reference=demo-api:latest&limit=3'],
    ['history demo-api:latest yesterday', 'history | reference=demo-api:latest&at=yesterday'],
    ['service shop/api 3h ago', 'service | reference=shop%2Fapi&at=3h ago'],
    ['diff demo-api:latest~1 demo-api:latest', 'diff | older=demo-api:latest%7E1&newer=demo-api:latest'],
    ['demo-api:latest --findings', 'who | reference=demo-api:latest&findings=true'],
    ['demo-api:latest --tz Asia/Tokyo', 'who | reference=demo-api:latest | Asia/Tokyo'],
    ['demo-api:latest yesterday share', 'who | reference=demo-api:latest&at=yesterday | shared'],
    ['demo-api:latest Share', 'who | reference=demo-api:latest | shared'],
    ['who', 'who | '],
    ['who history', 'who | reference=history'],
    ['constructor', 'who | reference=constructor'],
  ])('%s', (text, wanted) => {
    expect(read(text)).toBe(wanted.replace(/ \| $/, ''));
  });

  test.each(['', '   ', 'help', '--help', '-h', '?', 'who demo-api:latest --help'])('help: %j', (text) => {
    expect(read(text)).toBe('help');
  });

  test.each([
    ['CVE-2026-1234 yesterday', /^cve takes one, and no "yesterday"$/],
    ['diff a:1 a:2 a:3', /^diff takes two references, and no "a:3"$/],
    ['demo-api:latest yesterday --at now', /^say the time once/],
    ['demo-api:latest --nonsense', /--nonsense/],
    ['demo-api:latest --at', /--at/],
  ])('refused: %s', (text, why) => {
    expect(() => readQuestion(text)).toThrow(why);
  });
});

test.each([
  ['demo-api:latest yesterday 03:10', "scan-response who demo-api:latest --at 'yesterday 03:10'"],
  ['diff a:1 a:2 --tz Asia/Tokyo', 'scan-response diff a:1 a:2 --tz Asia/Tokyo'],
  ['demo-api:latest --findings', 'scan-response who demo-api:latest --findings'],
  ["it's;rm", `scan-response who 'it'\\''s;rm'`],
  ['$(rm) `x`', "scan-response who '$(rm)' --at '`x`'"],
])('the same for a shell: %s', (text, typed) => {
  expect(readQuestion(text)?.typed).toBe(typed);
});
