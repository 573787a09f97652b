/**
 * A bucket of `burst` tokens that fills by `perSecond`: true while there is one to take.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
 */
export function createThrottle(
  { perSecond, burst }: { readonly perSecond: number; readonly burst: number },
  nowMs: () => number,
): () => boolean {
  let tokens = burst;
  let atMs = nowMs();
  return () => {
    const timeMs = nowMs();
    tokens = Math.min(burst, tokens + ((timeMs - atMs) / 1000) * perSecond);
    atMs = timeMs;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
