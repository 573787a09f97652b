import type { Environment } from '../config.ts';
import { BadReference } from '../errors.ts';
import { parseReference, type Reference } from '../image/reference.ts';
import type { PolicyDocument } from '../policy/document.ts';
import { parsePolicy } from '../policy-file/parse.ts';
import { ACCEPTS, type Asked, asksIn, type ToLookAt } from '../preview/asked.ts';
import { foresee } from '../preview/foresee.ts';
import { ofForeseen, ofOrder, ofQuiet, type Previewed } from '../preview/previewed.ts';
import { overduePorts } from '../reconcile/overdue.ts';
import { readText } from '../services/files.ts';
import { previewPorts, readInput } from '../services/preview.ts';
import type { Options } from './command.ts';
import { bothZones } from './time.ts';

/** What comes of what was typed, and where the policy is from that decided it; or which image there is not. */
export type Sourced =
  | { readonly previews: readonly Previewed[]; readonly policySource?: string }
  | { readonly missing: string };

/** Reads what was typed, and AWS where it has to. Throws BadReference with what is taken. */
export async function previewsOf(typed: string, options: Options, env: Environment): Promise<Sourced> {
  const policy = options.policy === undefined ? undefined : await policyIn(options.policy);
  const reference = referenceIn(typed, options);
  if (reference) return lookedUp(reference, policy, options, env);
  const asked = asksIn(await contentOf(typed));
  const toLookAt = asked.flatMap((it) => (it.kind === 'images' ? it : []));
  if (toLookAt.length === 0) return decided(asked, options);
  const decide = await decider(
    options.region ?? toLookAt[0]?.images[0]?.repository.region,
    policy,
    options,
    env,
  );
  const previews: Previewed[] = [];
  for (const it of asked) previews.push(...(it.kind === 'images' ? await decide.previews(it) : shown(it)));
  return { previews, policySource: decide.policySource };
}

async function contentOf(typed: string): Promise<string> {
  if (typed === '' || typed === '-') return readInput();
  return readText(typed).catch((error: Error) => {
    throw new BadReference(`${error.message}. ${ACCEPTS}`);
  });
}

/** An image by its name; anything else is a file. Throws BadReference for a name without tag and digest. */
function referenceIn(typed: string, { account, region }: Options): Reference | undefined {
  if (!/[:@]/.test(typed) || /^[./]/.test(typed)) return undefined;
  const reference = parseReference(typed);
  return { ...reference, ...(account && { account }), ...(region && { region }) };
}

function decided(asked: readonly Asked[], { policy, afresh }: Options): Sourced {
  if (asked.some(({ kind }) => kind === 'order') && (policy !== undefined || afresh))
    throw new BadReference(
      '--policy and --afresh are for images and events: a delivery was decided when it was queued',
    );
  return { previews: asked.flatMap(shown) };
}

function shown(asked: Asked): readonly Previewed[] {
  if (asked.kind === 'order') return [wholly(() => ofOrder(asked.delivery))];
  return asked.kind === 'quiet' ? [ofQuiet(asked.says)] : [];
}

/** Throws BadReference for a delivery with something missing: a message of a queue has it all, a file need not. */
export function wholly<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw new BadReference(`the delivery is not whole: ${(error as Error).message}`);
  }
}

async function lookedUp(
  reference: Reference,
  policy: PolicyDocument | undefined,
  options: Options,
  env: Environment,
): Promise<Sourced> {
  const registered = await previewPorts(reference.region, env).resolve(reference);
  if (registered === 'no-repository') return { missing: `there is no such repository: ${reference.name}` };
  if (registered === 'no-image') return { missing: `${reference.name} has no such image` };
  const decide = await decider(reference.region, policy, options, env);
  return {
    previews: await decide.previews({ kind: 'images', images: [registered.image] }),
    policySource: decide.policySource,
  };
}

/** Decides by a file's policy, or by the one that holds. */
async function decider(
  region: string | undefined,
  policy: PolicyDocument | undefined,
  { policy: file, afresh = false }: Options,
  env: Environment,
) {
  const ports = previewPorts(region, env);
  const applied = policy ? undefined : await ports.loadPolicy();
  const reading = ports.reading(policy ?? applied?.document);
  const used = afresh ? { ...reading, loadOpenFindings: async () => undefined } : reading;
  return {
    policySource: policy
      ? `${file}`
      : applied
        ? `version ${applied.number}, applied ${bothZones(applied.at)}`
        : 'none is applied, so the settings of your environment',
    async previews({ images, announced, isOverdue, says }: ToLookAt): Promise<readonly Previewed[]> {
      const previews: Previewed[] = [];
      for (const image of images)
        previews.push(
          ...ofForeseen(image, await foresee(image, isOverdue ? overduePorts(used) : used, announced), says),
        );
      return previews;
    },
  };
}

async function policyIn(file: string): Promise<PolicyDocument> {
  const parsed = parsePolicy(await readText(file));
  if ('document' in parsed) return parsed.document;
  const errors = parsed.errors.map(({ where, says }) => `${where}: ${says}`).join('; ');
  throw new BadReference(`${file} is no policy: ${errors}`);
}
