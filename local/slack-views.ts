/** A modal as far as this service makes one. */
interface View {
  readonly type?: unknown;
  readonly title?: { readonly text?: unknown };
  readonly private_metadata?: unknown;
  readonly blocks?: unknown;
}

interface ViewBlock {
  readonly type?: unknown;
  readonly label?: { readonly text?: unknown };
  readonly text?: { readonly text?: unknown };
  readonly element?: { readonly type?: unknown; readonly options?: unknown };
}

const ELEMENTS: readonly unknown[] = ['static_select', 'plain_text_input', 'datepicker'];

/**
 * Whether Slack would take a modal, by its limits; the kinds that this service does not make are refused.
 * https://docs.slack.dev/reference/views/modal-views and https://docs.slack.dev/reference/block-kit/composition-objects
 */
export function isView(value: unknown): boolean {
  const { type, title, private_metadata: metadata = '', blocks } = Object(value) as View;
  if (type !== 'modal' || !isText(title?.text, 24) || !Array.isArray(blocks) || blocks.length > 100)
    return false;
  return String(metadata).length <= 3_000 && blocks.every(isBlock);
}

function isBlock({ type, label, text, element }: ViewBlock): boolean {
  if (type === 'section') return isText(text?.text, 3_000);
  if (type !== 'input' || !isText(label?.text, 2_000) || !ELEMENTS.includes(element?.type)) return false;
  return element?.type !== 'static_select' || areOptions(element.options);
}

function areOptions(options: unknown): boolean {
  if (!Array.isArray(options) || options.length === 0 || options.length > 100) return false;
  return options.every(({ text, value }) => isText(text?.text, 75) && isText(value, 150));
}

function isText(text: unknown, most: number): boolean {
  return typeof text === 'string' && text.length > 0 && text.length <= most;
}
