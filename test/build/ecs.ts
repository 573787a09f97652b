import { parseDigest } from '../../lib/image/digest.ts';
import type { Repository } from '../../lib/image/reference.ts';
import type { Run } from '../../lib/workload/run.ts';
import type { Container, Task } from '../../lib/workload/task.ts';
import type { Workload } from '../../lib/workload/workload.ts';
import { aDigest, aRepository, at } from './lineage.ts';

export function aWorkload(overrides: Partial<Workload> = {}): Workload {
  return { account: '111122223333', region: 'eu-west-1', cluster: 'prod', name: 'checkout', ...overrides };
}

export function aContainer(overrides: Partial<Container> = {}): Container {
  return { name: 'app', image: anImageName(), repository: aRepository(), digest: aDigest('a'), ...overrides };
}

export function aTask(overrides: Partial<Task> = {}): Task {
  return {
    workload: aWorkload(),
    id: '4f2b9d6c1a3e48d7b0c5e6f7a8192b3c',
    version: 4,
    taskDefinition: 'checkout:42',
    deployment: 'ecs-svc/1001',
    startedAt: at('03:00'),
    architecture: 'arm64',
    containers: [aContainer()],
    ...overrides,
  };
}

export function aRun(overrides: Partial<Run> = {}): Run {
  return {
    ...aContainer(),
    workload: aWorkload(),
    deployment: 'ecs-svc/1001',
    taskDefinition: 'checkout:42',
    architecture: 'arm64',
    startedAt: at('03:00'),
    ...overrides,
  };
}

/** As a task definition has it. */
function anImageName({ account, region, name }: Repository = aRepository(), tag = 'latest'): string {
  return `${account}.dkr.ecr.${region}.amazonaws.com/${name}:${tag}`;
}

export const PULLED = parseDigest('sha256:1a3302ac4276d12782cf5793ad92fac2da3f130b95f1858e56f692f7877a4e4a');
