import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Colours for a terminal; plain text where there is none, or where NO_COLOR is set (https://no-color.org). */
export function painter(isColoured: boolean): (style: Style, text: string) => string {
  return (style, text) => (isColoured ? styleText(style, text) : text);
}

/** True when standard output is a terminal and nobody asked for plain text. */
export function wantsColour(): boolean {
  return Boolean(process.stdout.isTTY) && !process.env.NO_COLOR;
}
