import type { Declared } from '../declare/declare.ts';
import { BadReference } from '../errors.ts';
import { sameCommit } from '../image/commit.ts';
import { sourceWords } from '../image/evidence-words.ts';
import { type Image, parseReference } from '../image/reference.ts';
import { safeText } from '../image/untrusted.ts';
import { toInstant } from '../instant.ts';
import { findRepository } from '../lookup/repository.ts';
import { type Command, EXIT, type Options, type Output, type Tools } from './command.ts';
import { PLACE } from './options.ts';
import { commitLines, place, row, unanswered } from './words.ts';

const SCHEMA = 'scan-response.declare/v1';

export const declareCommand: Command = {
  usage: 'declare --image REPOSITORY@DIGEST --commit SHA [--repo-url URL] [--build-url URL]',
  summary: 'Writes down which commit an image was built from, for builds that leave no trace of it.',
  options: {
    image: {
      value: 'REPOSITORY@DIGEST',
      says: 'the image; with the registry in front nothing has to be looked up',
    },
    commit: { value: 'SHA', says: 'the whole commit, 40 or 64 hex characters' },
    repoUrl: { value: 'URL', says: 'the repository of the source' },
    buildUrl: { value: 'URL', says: 'the page of the build' },
    ...PLACE,
  },
  takesReference: 'never',
  async run(_, options, tools): Promise<Output> {
    const { image: text, commit, repoUrl, buildUrl } = options;
    if (text === undefined || commit === undefined)
      throw new BadReference(`usage: scan-response ${declareCommand.usage}`);
    const at = toInstant(tools.now());
    const typed = { commit, repoUrl, buildUrl };
    const { checkDeclaration, declareAs } = await import('../services/declare.ts');
    checkDeclaration(typed, at);
    const image = await imageOf(text, options, tools);
    if ('exit' in image) return image;
    return report(await declareAs(image, typed, at, tools.environment), image);
  },
};

async function imageOf(text: string, { account, region }: Options, tools: Tools): Promise<Image | Output> {
  const reference = { ...parseReference(text), ...(account && { account }), ...(region && { region }) };
  const { digest, name } = reference;
  if (!digest)
    throw new BadReference(
      '--image takes a digest: a tag may have moved since. docker buildx build --metadata-file tells it',
    );
  if (reference.account && reference.region)
    return { repository: { account: reference.account, region: reference.region, name }, digest };
  const found = await findRepository(reference, await tools.lookup());
  return found.found === 'one' ? { repository: found.repository, digest } : unanswered(SCHEMA, found);
}

const WORDS: Readonly<Record<Declared['outcome'], string>> = {
  declared: 'declared',
  known: 'declared before, by the same one: nothing written',
  full: 'NOT written: two others have declared something about this image already',
  'no-such-image': 'no such image, in the registry or on record: push it first',
};

function report({ outcome, evidence, provenance }: Declared, image: Image): Output {
  const { repository, digest } = image;
  const isThere = outcome === 'declared' || outcome === 'known';
  const against = provenance && [provenance.best, ...provenance.conflicts];
  const conflicts = (against ?? []).filter(({ commit }) => !sameCommit(commit, evidence.commit));
  const { source } = evidence;
  return {
    exit: isThere ? EXIT.found : outcome === 'full' ? EXIT.fault : EXIT.notFound,
    lines: [
      `${repository.name}@${digest}: ${WORDS[outcome]}`,
      row('where', place(repository)),
      ...(source.from === 'declaration' && source.by ? [row('by', safeText(source.by))] : []),
      ...(provenance ? commitLines(provenance).map((line, nth) => row(nth === 0 ? 'commit' : '', line)) : []),
      ...conflicts.map((it) =>
        row('CONFLICT', `the ${sourceWords(it.source)} says ${it.commit}, you say ${evidence.commit}`),
      ),
    ],
    document: { schema: SCHEMA, image, outcome, evidence, conflicts, ...(provenance && { provenance }) },
  };
}
