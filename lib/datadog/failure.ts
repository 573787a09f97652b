/** Datadog could not be asked, or said no; the message is safe to print and has no key in it. */
export class DatadogFailure extends Error {
  override readonly name = 'DatadogFailure';
  /** Of the answer; absent when there was none. */
  readonly status: number | undefined;
  /** True when nobody knows whether Datadog did it. */
  readonly isUnsure: boolean;
  constructor(
    message: string,
    { status, isUnsure = false }: { readonly status?: number | undefined; readonly isUnsure?: boolean } = {},
  ) {
    super(message);
    this.status = status;
    this.isUnsure = isUnsure;
  }
}
