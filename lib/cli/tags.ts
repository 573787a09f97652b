import type { Command } from './command.ts';

const FORMATS = ['text', 'docker', 'bake', 'github', 'json'];

export const tagsCommand: Command = {
  usage: 'tags [<registry>/<repository>] [--env NAME] [--build N]',
  summary: 'Tags and labels for an image of the commit that is checked out here.',
  options: {
    env: { value: 'NAME', says: 'an environment: prod-latest too' },
    build: { value: 'N', says: 'the number of the build: build-57 too' },
    format: { value: 'FORM', says: `as ${FORMATS.join(', ')}`, choices: FORMATS },
    requireClean: { says: 'fail when files are not as in the commit' },
    clone: { value: 'FOLDER', says: 'a clone of the source, instead of the current folder' },
  },
  takesReference: 'maybe',
  async run(place, options, tools) {
    const { tagsReport } = await import('./tags-report.ts');
    return tagsReport(place, options, tools);
  },
};
