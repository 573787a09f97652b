/** True for the SDK errors that say an image or its repository is not there: an ordinary outcome, not a failure. */
export function isAbsent(error: unknown): boolean {
  return error instanceof Error && /^(Image|Repository)NotFoundException$/.test(error.name);
}
