const GAP = '  ';

/** Rows in columns, each as wide as its widest cell; the last one ends where it ends. */
export function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, nth) => Math.max(...rows.map((row) => widthOf(row[nth] ?? ''))));
  return rows.map((row) =>
    row
      .map((cell, nth) =>
        nth === row.length - 1 ? cell : `${cell}${' '.repeat((widths[nth] ?? 0) - widthOf(cell))}`,
      )
      .join(GAP)
      .trimEnd(),
  );
}

function widthOf(text: string): number {
  return [...text].length;
}

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

/** Bytes in the largest unit of 1,000 that leaves a digit before the point. */
export function bytesText(bytes: number): string {
  const power = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const amount = bytes / 1000 ** power;
  return `${power === 0 ? amount : amount.toFixed(1)} ${UNITS[power]}`;
}
