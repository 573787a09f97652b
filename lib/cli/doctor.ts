import { type Command, EXIT, type Output } from './command.ts';

export const doctorCommand: Command = {
  usage: 'doctor [--stage NAME] [--region NAME]',
  summary: 'Checks what is deployed, without changing anything, and says what to do.',
  options: { region: { value: 'NAME', says: 'where the deployment is' } },
  takesReference: 'never',
  async run(_reference, { region }, { stage, progress }): Promise<Output> {
    // Nine AWS clients that nobody else needs: a look-up must not wait for them.
    const { examine, report } = await import('./doctor-report.ts');
    const { diagnoses, ...about } = await examine(stage, region, progress);
    const exit = diagnoses.some(({ state }) => state === 'fault') ? EXIT.fault : EXIT.found;
    return { exit, ...report({ diagnoses, ...about }) };
  },
};
