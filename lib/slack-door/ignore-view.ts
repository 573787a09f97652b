import type {
  Datepicker,
  InputBlock,
  ModalView,
  PlainTextInput,
  PlainTextOption,
  StaticSelect,
} from '@slack/types';
import { raw, safeText } from '../image/untrusted.ts';
import { isFindingId } from '../scan/indexed-image.ts';
import type { KeptFinding } from '../scan/scan-findings.ts';
import { bySeverity } from '../scan/severity.ts';
import type { Place } from './pressed.ts';

/** As many options has a menu of Slack's, and as many characters the text of one. */
const MOST_OPTIONS = 100;
const LONGEST_OPTION = 75;

/** `where` for every repository. */
export const EVERYWHERE = '*';

/**
 * The form to ignore a finding of an image: which one, where, why and until when. Undefined when there is none to choose.
 * https://docs.slack.dev/reference/views/modal-views
 */
export function ignoreView(
  place: Place,
  found: readonly KeptFinding[],
  today: string,
): ModalView | undefined {
  const findings = optionsOf(found);
  if (findings.length === 0) return undefined;
  const here = option(fitting(place.told.image.repository.name), 'here');
  const places = [here, option('every repository', EVERYWHERE)];
  return {
    type: 'modal',
    callback_id: 'ignore',
    private_metadata: metadataOf(place),
    title: plain('Ignore a finding'),
    submit: plain('Ignore'),
    close: plain('Cancel'),
    blocks: [
      input('cve', 'Finding, the worst first', { type: 'static_select', options: findings }),
      input('where', 'Where', { type: 'static_select', options: places, initial_option: here }),
      {
        ...input('package', 'Only in this package; * stands for any characters', {
          type: 'plain_text_input',
          max_length: 256,
        }),
        optional: true,
      },
      input('reason', 'Why', { type: 'plain_text_input', multiline: true, min_length: 3, max_length: 500 }),
      input('expires', 'Last day, UTC', { type: 'datepicker', initial_date: today }),
    ],
  };
}

/** What takes the place of the form. */
export function toldView(words: string): ModalView {
  const said = { type: 'section' as const, text: plain(words) };
  return { type: 'modal', title: plain('Ignore a finding'), close: plain('Close'), blocks: [said] };
}

/** As a button of ours has it. */
function metadataOf({ told: { image, key, references }, channel, ts }: Place): string {
  const told = { ...image.repository, digest: image.digest, key, references };
  return JSON.stringify({ told, channel, ts });
}

function optionsOf(found: readonly KeptFinding[]): PlainTextOption[] {
  const byId = new Map<string, KeptFinding>();
  for (const it of [...found].sort(bySeverity)) if (!byId.has(raw(it.id))) byId.set(raw(it.id), it);
  return [...byId.values()]
    .filter(({ id }) => isFindingId(raw(id)) && raw(id).length <= LONGEST_OPTION)
    .slice(0, MOST_OPTIONS)
    .map((it) => option(wordsOf(it), raw(it.id)));
}

function wordsOf({ id, severity, packages = [] }: KeptFinding): string {
  const [first] = packages;
  const words = `${safeText(id, 40)} · ${severity.toLowerCase()}${first ? ` · ${safeText(first.name, 60)}` : ''}`;
  return fitting(words);
}

/** Slack counts as JavaScript does: a character may be two. */
function fitting(words: string): string {
  if (words.length <= LONGEST_OPTION) return words;
  let kept = '';
  for (const character of words) {
    if (kept.length + character.length >= LONGEST_OPTION) break;
    kept += character;
  }
  return `${kept}…`;
}

function option(words: string, value: string): PlainTextOption {
  return { text: plain(words), value };
}

type Element = PlainTextInput | StaticSelect | Datepicker;

function input(id: string, label: string, element: Element): InputBlock {
  return {
    type: 'input',
    block_id: id,
    label: plain(label),
    element: { ...element, action_id: 'it' },
  };
}

function plain(text: string) {
  return { type: 'plain_text' as const, text, emoji: false };
}
