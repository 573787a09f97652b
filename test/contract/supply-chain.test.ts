import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PackagedService, packageService } from '../../local/package.ts';
import { packageFolder } from './template.ts';
import { EVERY_FUNCTION } from './whole.ts';

interface Locked {
  readonly version: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
  readonly integrity?: string;
}

const { dependencies } = read('package.json') as { dependencies: Record<string, string> };
const { packages } = read('package-lock.json') as { packages: Record<string, Locked> };
const locked = Object.entries(packages)
  .filter(([path]) => path !== '')
  .map(([path, it]) => ({ name: path.replace(/^.*node_modules\//, ''), ...it }));
// npm counts valibot's optional peer, which nothing here loads, as ours: TypeScript with its binary of each platform.
const runtime = locked.filter(({ name, dev }) => !dev && !/^(typescript$|@typescript\/)/.test(name));

const PERMISSIVE = ['Apache-2.0', 'MIT', 'MIT-0', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'Zlib'];

function read(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

describe('what we depend on', () => {
  test('at most 8 direct packages beside the AWS SDK, in exact versions', () => {
    const direct = Object.entries(dependencies);
    expect(direct.filter(([name]) => !name.startsWith('@aws-sdk/')).length).toBeLessThanOrEqual(8);
    expect(direct.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  test.each(runtime)('$name $version is under a permissive licence: $license', ({ license = '' }) => {
    const terms = license.replace(/[()]/g, '').split(' AND ');
    expect(terms.filter((term) => !PERMISSIVE.includes(term))).toEqual([]);
  });

  test('every package is locked by its content', () => {
    expect(locked.filter(({ integrity }) => !integrity?.startsWith('sha512-'))).toEqual([]);
  });

  test('no package that runs in a function has an install script, and the others are explained', () => {
    const scripted = locked.filter(({ hasInstallScript }) => hasInstallScript);
    expect(scripted.filter(({ dev }) => !dev)).toEqual([]);
    const explained = readFileSync('CONTRIBUTING.md', 'utf8');
    expect(scripted.length).toBeGreaterThan(0);
    expect(scripted.map(({ name }) => name).filter((name) => !explained.includes(`\`${name}\``))).toEqual([]);
    expect(readFileSync('.npmrc', 'utf8')).toContain('ignore-scripts=true');
  });
});

/** Packages whose code is in the bundles that are shipped. */
function bundled(): readonly string[] {
  const metas = [...readdirSync('functions'), 'scan-response.ts'].filter((file) => file.endsWith('.ts'));
  const inputs = metas.flatMap((file) => {
    const { outputs } = read(`dist/meta/${file.replace('.ts', '.json')}`) as {
      outputs: Record<string, { inputs: Record<string, unknown> }>;
    };
    return Object.values(outputs).flatMap((output) => Object.keys(output.inputs));
  });
  const names = inputs.flatMap((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
  return [...new Set(names)].sort();
}

describe('npm run sbom', () => {
  const bom = JSON.parse(execFileSync('npm', ['run', '--silent', 'sbom'], { encoding: 'utf8' }));
  const listed: readonly string[] = bom.components.map(({ purl }: { purl: string }) =>
    decodeURIComponent(purl),
  );

  test('is CycloneDX and lists exactly what is installed to run', () => {
    expect(bom).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { type: 'application' } } });
    const expected = runtime.map(({ name, version }) => `pkg:npm/${name}@${version}`);
    expect([...listed].sort()).toEqual([...new Set(expected)].sort());
  });

  test('names the direct dependencies as ours', () => {
    const [us] = bom.dependencies.filter(({ ref }: { ref: string }) => ref.startsWith('ecr-scan-response@'));
    const direct = Object.entries(dependencies).map(([name, version]) => `${name}@${version}`);
    expect([...us.dependsOn].sort()).toEqual(direct.sort());
  });

  test('leaves out nothing that is in a bundle', () => {
    const names = new Set(listed.map((purl) => purl.slice('pkg:npm/'.length, purl.lastIndexOf('@'))));
    expect(bundled().length).toBeGreaterThan(10);
    expect(bundled().filter((name) => !names.has(name))).toEqual([]);
  });
});

describe('packaged twice, from copies', () => {
  const packages: PackagedService[] = [];
  beforeAll(async () => {
    for (const reuse of [true, false])
      packages.push(await packageService({ root: process.cwd(), reuse, params: EVERY_FUNCTION }));
  });
  afterAll(async () => {
    for (const each of packages) await each.dispose();
  });

  const zips = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.zip'));
  const sha256 = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');

  test('every zip has the same bytes', () => {
    const [one = '', other = ''] = packages.map(({ folder }) => folder);
    expect(zips(one)).toHaveLength(readdirSync('functions').filter((it) => it.endsWith('.ts')).length);
    expect(zips(other)).toEqual(zips(one));
    for (const zip of zips(one)) expect(sha256(join(other, zip)), zip).toBe(sha256(join(one, zip)));
    for (const zip of zips(packageFolder))
      expect(sha256(join(packageFolder, zip)), zip).toBe(sha256(join(one, zip)));
  });
});
