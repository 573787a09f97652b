import { createRequire } from 'node:module';
import type { Resources } from './template.ts';

/** A part of the template that is a program: what `${file(resources/….cjs):…}` gives. */
export type Evaluate<T> = (packaging: {
  readonly resolveVariable: (variable: string) => Promise<string>;
}) => Promise<T>;

type Params = Readonly<Record<string, string>>;

interface Made {
  readonly resources: {
    readonly Resources?: Resources;
    readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
  };
}

const require = createRequire(import.meta.url);

/** The part in `resources/`, to be evaluated. */
export function part<T>(file: string): Evaluate<T> {
  return require(`../../resources/${file}`);
}

/** Evaluates a part of the template as the packager does. */
export function evaluate<T>(program: Evaluate<T>, params: Params): Promise<T> {
  const others: Params = {
    'self:service': 'scan-response',
    'sls:stage': 'prod',
    'self:provider.region': 'eu-west-1',
  };
  return program({
    resolveVariable: async (variable) =>
      others[variable] ?? params[variable.replace('param:', '')] ?? '/unused',
  });
}

/** One repository of each kind, and everything that is set for the registry. */
export const REGISTRY_PARAMS = {
  repositories: 'team/demo-api',
  mutableRepositories: 'demo-api',
  repositoryPullers: 'ecsTaskExecutionRole,222233334444,arn:aws:iam::333344445555:role/deploy/puller',
  replicateTo: 'eu-central-1,444455556666/us-east-1',
  registryScanning: 'enhanced',
};

/** What the parameters about repositories and the registry add to the template. */
export async function registryResources(params: Params = REGISTRY_PARAMS): Promise<Resources> {
  const all = { ...Object.fromEntries(Object.keys(REGISTRY_PARAMS).map((name) => [name, ''])), ...params };
  const [own, shared] = await Promise.all(
    ['repositories.cjs', 'registry.cjs'].map((file) => evaluate(part<Made>(file), all)),
  );
  return { ...own?.resources.Resources, ...shared?.resources.Resources };
}
