/** True when `text` has the form of `pattern`, in which `*` stands for any run of characters. */
export function matchesGlob(pattern: string, text: string): boolean {
  const [head = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === text;
  const tail = rest.pop() ?? '';
  if (!text.startsWith(head) || !text.endsWith(tail) || text.length < head.length + tail.length) return false;
  let from = head.length;
  for (const part of rest) {
    const at = text.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return from <= text.length - tail.length;
}

/** True when there is a text that has the form of both patterns. */
export function globsOverlap(one: string, other: string): boolean {
  if (!one.includes('*')) return matchesGlob(other, one);
  if (!other.includes('*')) return matchesGlob(one, other);
  // Two patterns with a star each: their fixed beginnings and ends must go together; what is between, a star takes.
  const [headOfOne, tailOfOne] = endsOf(one);
  const [headOfOther, tailOfOther] = endsOf(other);
  return (
    (headOfOne.startsWith(headOfOther) || headOfOther.startsWith(headOfOne)) &&
    (tailOfOne.endsWith(tailOfOther) || tailOfOther.endsWith(tailOfOne))
  );
}

/** What a pattern begins and ends with, before its first star and after its last. */
function endsOf(pattern: string): readonly [head: string, tail: string] {
  return [pattern.slice(0, pattern.indexOf('*')), pattern.slice(pattern.lastIndexOf('*') + 1)];
}
