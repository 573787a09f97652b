import * as v from 'valibot';
import { UserId } from './pressed.ts';

/** https://docs.slack.dev/interactivity/implementing-slash-commands */
const SlashCommand = v.object({
  user_id: UserId,
  text: v.pipe(v.optional(v.string(), ''), v.maxLength(3_000)),
});

/** What is asked with a slash command. */
export type SlashCommand = v.InferOutput<typeof SlashCommand>;

/** Reads the form that a slash command is; undefined for anything else. */
export function readSlashCommand(body: Buffer): SlashCommand | undefined {
  const form = readForm(body);
  const parsed = v.safeParse(SlashCommand, Object.fromEntries(form ?? []));
  return parsed.success ? parsed.output : undefined;
}

/** The fields of a form; undefined for bytes that are no text. */
export function readForm(body: Buffer): URLSearchParams | undefined {
  try {
    return new URLSearchParams(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}
