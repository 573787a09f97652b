import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readTemplate, type Stack } from '../../local/template.ts';

export interface Resource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  // biome-ignore lint/suspicious/noExplicitAny: the checks read any property of any resource
  readonly Properties: any;
}

export type Resources = Readonly<Record<string, Resource>>;

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Principal?: Readonly<Record<string, unknown>> | string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Takes the resources of a template and returns what is wrong with them, one line each. */
export type Check = (resources: Resources) => readonly string[];

/** A path into the resources and the value that makes them wrong; `undefined` removes what is there. */
export type Fault = readonly [path: string, value?: unknown];

export const packageFolder = '.serverless';

/** The resources of the template that `serverless deploy` would send. */
export function packagedResources(): Resources {
  const text = readFileSync(`${packageFolder}/cloudformation-template-update-stack.json`, 'utf8');
  return JSON.parse(text).Resources;
}

/** The same resources, as the embedded stack reads them. */
export function stackOf(resources: Resources): Stack {
  const queueUrl = (name: string) => `https://sqs/${name}`;
  return readTemplate({ Resources: resources }, { account: '123456789012', region: 'us-east-1', queueUrl });
}

/** A copy with one fault. Throws when the path leads nowhere, so that a fault cannot silently do nothing. */
export function withFault(resources: Resources, [path, value]: Fault): Resources {
  const copy = structuredClone(resources);
  const keys = path.split('/');
  const last = keys.pop() ?? '';
  const parent = keys.reduce<unknown>((each, key) => (each as Record<string, unknown>)?.[key], copy);
  if (typeof parent !== 'object' || parent === null) throw new Error(`No ${path} in the template.`);
  if (value === undefined && !(last in parent)) throw new Error(`No ${path} in the template to remove.`);
  if (value === undefined) delete (parent as Record<string, unknown>)[last];
  else (parent as Record<string, unknown>)[last] = value;
  return copy;
}

export function ofType(resources: Resources, type: string): readonly (readonly [string, Resource])[] {
  return Object.entries(resources).filter(([, resource]) => resource.Type === type);
}

/** A value, or the list it already is. */
export function list<Value>(value: Value | readonly Value[] | undefined): readonly Value[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as Value];
}

export function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Registers tests: the packaged template passes every check, and every check sees each of its planted faults. */
export function testChecks(
  rows: readonly (readonly [promise: string, check: Check, faults: readonly Fault[]])[],
) {
  describe.each(rows)('%s', (_, check, faults) => {
    test('in the packaged template', () => {
      expect(check(packagedResources())).toEqual([]);
    });

    test.each(faults.map((fault) => ({ path: fault[0], fault })))(
      'or a fault is seen at $path',
      ({ fault }) => {
        expect(check(withFault(packagedResources(), fault))).not.toEqual([]);
      },
    );
  });
}

export interface Grant extends Statement {
  /** Logical id of the role that has it. */
  readonly role: string;
}

/** Every statement of every role. */
export function grants(resources: Resources): readonly Grant[] {
  return ofType(resources, 'AWS::IAM::Role').flatMap(([role, { Properties }]) =>
    (Properties.Policies as { PolicyDocument: { Statement: Statement[] } }[]).flatMap(({ PolicyDocument }) =>
      PolicyDocument.Statement.map((statement) => ({ role, ...statement })),
    ),
  );
}
