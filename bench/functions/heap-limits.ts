/**
 * The limits of the heap that Lambda starts Node with: a tenth of the function's memory is not for what is old, and each of the
 * three parts of what is young has a sixth of that, so 4 and 231 at 256 MB. None without a size, as for what is no function.
 * Its script of nodejs20.x: https://gist.github.com/davidjb/432ea4e1c89f399ec412270539fe126f, and the beginning of that of
 * nodejs24.x: https://dev.to/wonderfulsoap/deep-dive-into-aws-lambda-3-official-nodejs-runtime-analysis-43je;
 * 17 at 1,024 MB: https://github.com/parcel-bundler/parcel/issues/9398
 */
export function heapLimits(megabytes: string | undefined): readonly string[] {
  if (!megabytes) return [];
  const notOld = Math.floor(Number(megabytes) / 10);
  return [
    `--max-semi-space-size=${Math.floor(notOld / 6)}`,
    `--max-old-space-size=${Number(megabytes) - notOld}`,
  ];
}
