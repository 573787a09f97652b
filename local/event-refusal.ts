/** The error for a pattern that EventBridge would refuse; `what` says what is wrong with it, or what is wanted. */
export function refusal(what: string): Error {
  return new Error(`Event pattern: ${what}.`);
}
