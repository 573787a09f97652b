import { PAGE, PAGED } from '../../lib/api/page.ts';
import { LONGEST, NOT_HERE } from '../../lib/ask/ask.ts';
import type { Command, Option } from '../../lib/cli/command.ts';
import { ZONE } from '../../lib/cli/options.ts';
import type { Schema } from './schema.ts';

export interface Parameter {
  readonly name: string;
  readonly in: 'query';
  readonly required: boolean;
  readonly description: string;
  readonly schema: Schema;
  readonly example?: unknown;
}

/** As in docs/incidents.md. */
const EXAMPLES: Readonly<Record<string, string>> = {
  who: 'demo-api:latest@{today 03:10}',
  history: 'web/shop:release-7',
  service: 'prod/demo-api',
  cve: 'CVE-2026-30611',
  older: 'demo-api:latest@{yesterday}',
  newer: 'demo-api:latest',
};

/** What a question takes, from the table of the command's options. */
export function parametersOf(name: string, command: Command): readonly Parameter[] {
  const subjects = command.takesReference === 'two' ? ['older', 'newer'] : ['reference'];
  const options = Object.entries<Option>({ ...command.options, ...ZONE });
  return [
    ...subjects.map((subject) => subjectOf(subject, name, command)),
    ...options
      .filter(([key]) => !NOT_HERE.includes(key) || key in ZONE)
      .map(([key, option]) => parameter(key, { ...wordsOf(key, option), schema: schemaOf(key, option) })),
    ...(name === PAGED ? [CURSOR] : []),
  ];
}

const CURSOR = parameter('cursor', {
  description: 'Where the page begins: what the Link of the page before it says. Not with at or fold.',
  schema: { type: 'string', pattern: '^[A-Za-z0-9_-]+$', maxLength: LONGEST },
});

function subjectOf(subject: string, name: string, { usage }: Command): Parameter {
  return parameter(subject, {
    required: true,
    description: `What is asked for, as in \`${usage}\`.`,
    schema: { type: 'string', minLength: 1, maxLength: LONGEST },
    example: EXAMPLES[subject] ?? EXAMPLES[name],
  });
}

function wordsOf(key: string, { says }: Option): Pick<Parameter, 'description'> {
  if (key === 'limit') return { description: `how many entries a page has (${PAGE.usual})` };
  if (key in ZONE) return { description: 'read times in this zone, as Europe/Berlin, instead of UTC' };
  return { description: says };
}

function schemaOf(key: string, { value, choices }: Option): Schema {
  if (key === 'limit') return { type: 'integer', minimum: 1, maximum: PAGE.most, default: PAGE.usual };
  if (value === undefined) return { type: 'boolean' };
  return choices ? { type: 'string', enum: choices } : { type: 'string', maxLength: LONGEST };
}

function parameter(
  name: string,
  { required = false, ...rest }: Omit<Parameter, 'name' | 'in' | 'required'> & { required?: boolean },
): Parameter {
  return { name, in: 'query', required, ...rest };
}
