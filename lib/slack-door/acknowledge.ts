import type { Repository } from '../image/reference.ts';
import { type Instant, toInstant } from '../instant.ts';
import { type Acknowledged, acknowledge } from '../policy/acknowledged.ts';
import type { OpenFindings } from '../policy/open-findings.ts';
import { BUTTONS_BLOCK } from '../sinks/slack/buttons.ts';
import { person, richText, section, text } from '../sinks/slack/rich-text.ts';
import type { CallSlack } from '../sinks/slack/web-api.ts';
import { utc } from '../sinks/words.ts';
import { together } from '../together.ts';
import type { Press } from './pressed.ts';
import { tellAlone } from './tell.ts';

/** What acknowledging needs. */
export interface AcknowledgePorts {
  readonly call: CallSlack;
  readonly now: () => Date;
  readonly loadOpenFindings: (repository: Repository, reference: string) => Promise<OpenFindings | undefined>;
  /** Gives the word that holds: another's, where they were first. */
  readonly saveAcknowledged: (
    repository: Repository,
    reference: string,
    word: Acknowledged,
  ) => Promise<Acknowledged>;
}

/**
 * Writes down that somebody knows of what a notice told, and shows it in the message. A notice that something else took the
 * place of is not acknowledged: nobody has seen by it what is open now.
 */
export async function acknowledgeNotice(press: Press, ports: AcknowledgePorts): Promise<void> {
  const { user, actions } = press;
  const told = actions[0]?.value;
  if (!told) return;
  const { repository } = told.image;
  const at = toInstant(ports.now());
  const words = await together(
    told.references.map(async (reference) => {
      const open = await ports.loadOpenFindings(repository, reference);
      const word = acknowledge(open, told.key, { by: user.id, at });
      return word && ports.saveAcknowledged(repository, reference, word);
    }),
  );
  const [first] = words.filter((it) => it !== undefined);
  if (!first) return tellAlone(press, [SOMETHING_ELSE], ports.call);
  const reply = await ports.call('chat.update', {
    channel: press.channel.id,
    ts: press.message.ts,
    text: press.message.text || ACKNOWLEDGED,
    blocks: [...withoutButton(press), acknowledgedBlock(first)],
  });
  if (!reply.ok) await tellAlone(press, [NOT_SHOWN], ports.call);
}

/** The message without the button; what else can be pressed stays. */
function withoutButton({ message: { blocks } }: Press): readonly object[] {
  return blocks.flatMap((block) => {
    const { block_id: id, elements } = block as { block_id?: unknown; elements?: unknown };
    if (id !== BUTTONS_BLOCK || !Array.isArray(elements)) return [block];
    const rest = elements.filter((it) => Object(it).action_id !== 'acknowledge');
    return rest.length > 0 ? [{ ...block, elements: rest }] : [];
  });
}

function acknowledgedBlock({ by, at }: { readonly by: string; readonly at: Instant }) {
  return richText(section(text('Acknowledged by '), person(by), text(` at ${utc(at)}.`)));
}

const ACKNOWLEDGED = 'Acknowledged.';
const SOMETHING_ELSE =
  'Something else was told of it since, or nothing is open any more: look at the newest alert and acknowledge that.';
const NOT_SHOWN = 'It is acknowledged; Slack did not let the message show it.';
