/** One statement of an IAM or resource policy, as far as the doctor reads it. */
interface Statement {
  readonly allows: boolean;
  readonly principals: readonly string[];
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Values of `aws:SourceArn`; undefined when no condition names it. */
  readonly sourceArns: readonly string[] | undefined;
  readonly isConditional: boolean;
}

/** Reads a policy document; what is not one has no statements. */
export function statementsOf(document: string): readonly Statement[] {
  return listOf(fieldOf(parse(document), 'Statement')).map((statement) => {
    const condition = fieldOf(statement, 'Condition');
    const principal = fieldOf(statement, 'Principal');
    return {
      allows: fieldOf(statement, 'Effect') === 'Allow',
      principals: texts(
        typeof principal === 'string' ? principal : Object.values(objectOf(principal)).flat(),
      ),
      actions: texts(fieldOf(statement, 'Action')),
      resources: texts(fieldOf(statement, 'Resource')),
      sourceArns: sourceArns(condition),
      isConditional: condition !== undefined,
    };
  });
}

/**
 * True when the statements let somebody do `action` on `resource`. Conditions of an Allow are taken as met; a
 * Deny counts when it has none.
 */
export function permits(statements: readonly Statement[], action: string, resource: string): boolean {
  const about = statements.filter(
    ({ actions, resources }) => matchesAny(actions, action) && matchesAny(resources, resource),
  );
  return (
    about.some(({ allows }) => allows) &&
    !about.some(({ allows, isConditional }) => !allows && !isConditional)
  );
}

/** True when a queue's policy lets a rule send to it. */
export function letsIn(statements: readonly Statement[], ruleArn: string): boolean {
  return statements.some(
    ({ allows, principals, actions, sourceArns }) =>
      allows &&
      (principals.includes('events.amazonaws.com') || principals.includes('*')) &&
      matchesAny(actions, 'sqs:SendMessage') &&
      (sourceArns === undefined || matchesAny(sourceArns, ruleArn)),
  );
}

/** True when a policy lets anybody in, whoever asks. */
export function isOpen(statements: readonly Statement[]): boolean {
  return statements.some(
    ({ allows, principals, isConditional }) => allows && !isConditional && principals.includes('*'),
  );
}

/** Action names are compared without regard to case; `*` is any text and `?` any character. */
export function matchesAny(patterns: readonly string[], value: string): boolean {
  return patterns.some((pattern) => {
    const literal = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
    return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i').test(value);
  });
}

function sourceArns(condition: unknown): readonly string[] | undefined {
  const found = Object.values(objectOf(condition)).flatMap((test) =>
    Object.entries(objectOf(test))
      .filter(([key]) => key.toLowerCase() === 'aws:sourcearn')
      .flatMap(([, value]) => texts(value)),
  );
  return found.length > 0 ? found : undefined;
}

function parse(document: string): unknown {
  try {
    return JSON.parse(document);
  } catch {
    return undefined;
  }
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function fieldOf(value: unknown, name: string): unknown {
  return objectOf(value)[name];
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function texts(value: unknown): readonly string[] {
  return listOf(value).filter((each) => typeof each === 'string');
}
