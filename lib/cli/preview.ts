import { SINKS } from '../delivery/delivery.ts';
import type { Command } from './command.ts';
import { PLACE, ZONE } from './options.ts';

const SHOWN = [...SINKS, 'chat'];

export const previewCommand: Command = {
  usage: 'preview [FILE|-|<repository>:<tag>|<repository>@<digest>] [--policy FILE] [--svg FILE]',
  summary: 'What would be said of an image, an event or a dead letter, and why; sends and writes nothing.',
  options: {
    policy: { value: 'FILE', says: 'under this policy instead of the applied one' },
    afresh: { says: 'as if nobody had heard of the image before' },
    sink: { value: 'NAME', says: `only what this one gets: ${SHOWN.join(', ')}`, choices: SHOWN },
    svg: { value: 'FILE', says: 'write a picture of the Slack message' },
    ...PLACE,
    ...ZONE,
  },
  takesReference: 'maybe',
  async run(text, options, tools) {
    const { previewReport } = await import('./preview-report.ts');
    return previewReport(text, options, tools);
  },
};
