import { BadReference } from '../errors.ts';
import { type Command, EXIT, type Options, type Output } from './command.ts';
import { flag, ZONE } from './options.ts';

const USAGE = 'doctor [push|pull REPO[:TAG|@DIGEST]] [--stage NAME] [--region NAME]';

/** What only a push or a pull takes. */
const OF_TRANSFERS = ['account', 'role', 'error', 'vpc', 'platform', 'layers', 'tz'] as const;

export const doctorCommand: Command = {
  usage: USAGE,
  summary: 'Checks what is deployed, or why a push or a pull fails, changes nothing, and says what to do.',
  options: {
    region: { value: 'NAME', says: 'where the deployment, or the repository, is' },
    account: { value: 'ID', says: 'push, pull: the account of the repository, instead of yours' },
    role: { value: 'ARN', says: 'push, pull: the role that does it, as the execution role of ECS' },
    error: { value: 'TEXT', says: 'push, pull: what was printed; - reads it from standard input' },
    vpc: { value: 'ID', says: 'push, pull: the VPC that it happens in, instead of this machine' },
    platform: { value: 'OS/ARCH', says: 'pull: the platform that is wanted; with --layers' },
    layers: { says: 'pull: look for every layer; reading the manifest counts as a pull' },
    tz: ZONE.tz,
  },
  takesReference: 'any',
  choices: ['push', 'pull'],
  async run(direction, options, tools, reference): Promise<Output> {
    if (direction === '') return examineStack(options, tools);
    if ((direction !== 'push' && direction !== 'pull') || reference === '')
      throw new BadReference(`usage: scan-response ${USAGE}`);
    // Clients that nobody else needs, as with the other half.
    const { troubleshoot } = await import('./troubleshoot-report.ts');
    return troubleshoot(direction, reference, options, tools);
  },
};

async function examineStack(
  options: Options,
  { stage, progress }: Parameters<Command['run']>[2],
): Promise<Output> {
  const alien = OF_TRANSFERS.find((it) => options[it] !== undefined);
  if (alien) throw new BadReference(`doctor takes --${flag(alien)} with push or pull only`);
  // Nine AWS clients that nobody else needs: a look-up must not wait for them.
  const { examine, report } = await import('./doctor-report.ts');
  const { diagnoses, ...about } = await examine(stage, options.region, progress);
  const exit = diagnoses.some(({ state }) => state === 'fault') ? EXIT.fault : EXIT.found;
  return { exit, ...report({ diagnoses, ...about }) };
}
