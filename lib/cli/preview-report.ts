import { slackPicture } from '../picture/slack-picture.ts';
import type { Previewed } from '../preview/previewed.ts';
import { RENDERERS } from '../preview/renderers.ts';
import { writeText } from '../services/files.ts';
import { slackMessage } from '../sinks/slack/message.ts';
import { EXIT, type Options, type Output, type Tools } from './command.ts';
import { missingDocument, previewDocument } from './preview-document.ts';
import { previewsOf, type Sourced, wholly } from './preview-source.ts';
import { headLines, renderedLines } from './preview-words.ts';

const NEEDS =
  'a preview of an image needs ecr:DescribeImages and ecr:DescribeImageScanFindings on the repository, with enhanced ' +
  'scanning also inspector2:ListFindings, inspector2:ListCoverage and inspector2:ListAccountPermissions, and ' +
  'dynamodb:GetItem and dynamodb:Query on the two tables and their indexes; that of a dead letter needs nothing';

/** Shows what a message, an event or an image comes to. Throws BadReference, and the SDK's errors. */
export async function previewReport(typed: string, options: Options, tools: Tools): Promise<Output> {
  const sourced = await sourcesOf(typed, options, tools);
  if ('missing' in sourced)
    return {
      exit: EXIT.notFound,
      lines: [`not found: ${sourced.missing}`],
      document: missingDocument(sourced.missing),
    };
  const { previews, policySource } = sourced;
  const show = () => previews.map((it) => shownOf(it, policySource, options));
  const shown = policySource === undefined ? wholly(show) : show();
  const isGone = previews.every(({ reason }) => reason === 'gone');
  return {
    exit: isGone ? EXIT.notFound : EXIT.found,
    lines: shown.flatMap(({ lines }, nth) => [...(nth > 0 ? [''] : []), ...lines]),
    document: previewDocument(shown, policySource),
    isAnswer: true,
    ...(options.svg !== undefined && { aside: await draw(previews, options.svg) }),
  };
}

async function sourcesOf(typed: string, options: Options, { environment }: Tools): Promise<Sourced> {
  try {
    return await previewsOf(typed, options, environment);
  } catch (error) {
    const { name, message } = error as Error;
    if (name !== 'AccessDeniedException') throw error;
    throw Object.assign(new Error(`${message} (${NEEDS})`), { name: 'AccessDenied' });
  }
}

/** What each sink gets, or the one that was asked for. */
function shownOf(previewed: Previewed, policySource: string | undefined, { sink: only }: Options) {
  const now = new Date();
  // Few deployments have a topic for chat: who has one asks for it.
  const sinks = Object.entries(RENDERERS).filter(([name]) => (only ? name === only : name !== 'chat'));
  const rendered = sinks.flatMap(([sink, render]) =>
    previewed.messages.flatMap((message) => {
      const it = render(message, now);
      return it ? { sink, ...it } : [];
    }),
  );
  const parts = rendered.flatMap(({ sink, ...it }) => renderedLines(sink, it));
  return { previewed, rendered, lines: [...headLines(previewed, policySource), ...parts] };
}

/** One file for each message: the second is FILE-2.svg. Gives what to say of it. */
async function draw(previews: readonly Previewed[], file: string): Promise<readonly string[]> {
  const notices = previews.flatMap(({ messages }) => messages.filter((it) => it.kind === 'notice'));
  if (notices.length === 0) return ['no picture: there is no message'];
  const said: string[] = [];
  for (const [nth, notice] of notices.entries()) {
    const path = nth === 0 ? file : `${file.replace(/\.svg$/, '')}-${nth + 1}.svg`;
    await writeText(path, slackPicture(slackMessage(notice, { possibleRepeat: false }).blocks));
    said.push(`wrote ${path}`);
  }
  return said;
}
