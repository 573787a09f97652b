import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from '../../../lib/image/digest.ts';
import { type AttestedSpec, attestedImage } from './attested-image.ts';
import type { RunClient } from './clients.ts';
import { writeLayout } from './layout.ts';

/** A source that skopeo copies from, `oci:<folder>:<name>`. */
type LayoutName = string;

/** Makes images of one commit in `folder`; each call makes a layout of its own. */
export interface ImageMaker {
  /** One image, labelled with its commit, by umoci. */
  readonly single: (commit: string) => Promise<LayoutName>;
  /** An image index over linux/amd64 and linux/arm64, by umoci and buildah. */
  readonly twoPlatforms: (commit: string) => Promise<LayoutName>;
  /** An image index with attestations, ours; see `attestedImage`. */
  readonly attested: (spec: AttestedSpec) => Promise<LayoutName>;
}

export function imageMaker(folder: string, run: RunClient): ImageMaker {
  const layout = async (commit: string, architectures: readonly string[]) => {
    const path = join(folder, `${architectures.join('-')}-${commit.slice(0, 7)}`);
    await writeFile(`${path}.txt`, `built from ${commit}\n`);
    await run('umoci', ['init', '--layout', path]);
    await run('umoci', ['new', '--image', `${path}:base`]);
    await run('umoci', ['insert', '--image', `${path}:base`, `${path}.txt`, '/built-from.txt']);
    for (const architecture of architectures) {
      const label = ['--config.label', `org.opencontainers.image.revision=${commit}`];
      const platform = ['--os', 'linux', '--architecture', architecture];
      await run('umoci', ['config', '--image', `${path}:base`, '--tag', architecture, ...label, ...platform]);
    }
    return path;
  };
  return {
    single: async (commit) => `oci:${await layout(commit, ['amd64'])}:amd64`,
    async twoPlatforms(commit) {
      const path = await layout(commit, ['amd64', 'arm64']);
      const list = `index-${commit.slice(0, 7)}`;
      const index: LayoutName = `oci:${path}-index:${list}`;
      await run('buildah', ['manifest', 'create', list]);
      await run('buildah', ['manifest', 'add', list, `oci:${path}:amd64`]);
      await run('buildah', ['manifest', 'add', list, `oci:${path}:arm64`]);
      await run('buildah', ['manifest', 'push', '-q', '--all', list, index]);
      return index;
    },
    async attested(spec) {
      const path = join(folder, `attested-${spec.form}-${spec.commit.slice(0, 7)}`);
      const { index, blobs } = attestedImage(spec);
      await writeLayout(path, 'built', index, blobs);
      return `oci:${path}:built`;
    },
  };
}

/** Copies an image with everything in it, byte by byte; returns the digest that `to` names afterwards. */
export async function copyImage(run: RunClient, from: string, to: string): Promise<string> {
  await run('skopeo', [
    ...['--insecure-policy', 'copy', '-q', '--all', '--preserve-digests'],
    ...['--src-tls-verify=false', '--dest-tls-verify=false', from, to],
  ]);
  return digestOf(await run('skopeo', ['inspect', '--raw', '--tls-verify=false', to]));
}
