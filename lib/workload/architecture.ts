import type { Platform } from '../image/platform.ts';

/** The attribute `ecs.cpu-architecture` of a task. */
export type Architecture = 'x86_64' | 'arm64';

/** As image indexes call it. */
const AS_PLATFORM: Readonly<Record<Architecture, string>> = { x86_64: 'amd64', arm64: 'arm64' };

/**
 * Whether a task of this architecture runs one of these platforms of an index; undefined when nobody knows: ECS says
 * which index it pulled, and the architecture alone decides which of its images that was.
 */
export function runsPlatform(
  architecture: Architecture | undefined,
  platforms: readonly Platform[],
): boolean | undefined {
  if (!architecture) return undefined;
  return platforms.some((platform) => platform.split('/')[1] === AS_PLATFORM[architecture]);
}
