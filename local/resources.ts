import * as v from 'valibot';
import { PLAYED, type PlayedType, type Properties } from './cloudformation.ts';
import type { Resolve, Resources } from './intrinsic.ts';

/** A resource that is read. */
export interface Self {
  readonly logicalId: string;
  attribute(name: string): string;
}

/** A template, and what resolves its intrinsics. */
export interface Context {
  readonly resources: Resources;
  readonly resolve: Resolve;
}

/** Every resource of one type; throws, naming the resource, for a property of another shape. */
export function read<Type extends PlayedType, Definition>(
  { resources, resolve }: Context,
  type: Type,
  define: (properties: Properties<Type>, self: Self) => Definition,
): Definition[] {
  const schema: v.ObjectSchema<v.ObjectEntries, undefined> = PLAYED[type];
  return Object.entries(resources)
    .filter(([, resource]) => typeOf(resource) === type)
    .map(([logicalId, { Properties: raw = {} }]) => {
      // Only what the schema names is resolved: roles, buckets and the like stay outside.
      const minded = Object.entries(raw).filter(([key]) => key in schema.entries);
      const parsed = v.safeParse(schema, resolve(Object.fromEntries(minded)));
      if (!parsed.success) throw new Error(`Template: ${logicalId} (${type}): ${v.summarize(parsed.issues)}`);
      const attribute = (name: string) =>
        String(resolve(name === 'Ref' ? { Ref: logicalId } : { 'Fn::GetAtt': [logicalId, name] }));
      return define(parsed.output as Properties<Type>, { logicalId, attribute });
    });
}

function typeOf({ Type, Properties = {} }: Resources[string]): string {
  return 'ScheduleExpression' in Properties ? `${Type} on a schedule` : Type;
}
