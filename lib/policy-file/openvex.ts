import * as v from 'valibot';
import type { IgnoreRule } from '../policy/ignore.ts';

// https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md (v0.2.0, and v0.0.x with plain names)

const Named = v.union([
  v.pipe(
    v.string(),
    v.transform((id) => ({ '@id': id })),
  ),
  v.looseObject({
    '@id': v.optional(v.string()),
    identifiers: v.optional(v.looseObject({ purl: v.optional(v.string()) })),
  }),
]);

const Statement = v.looseObject({
  vulnerability: v.union([
    v.pipe(
      v.string(),
      v.transform((name) => ({ name })),
    ),
    v.looseObject({ name: v.optional(v.string()), '@id': v.optional(v.string()) }),
  ]),
  products: v.optional(
    v.array(v.union([v.string(), v.looseObject({ subcomponents: v.optional(v.array(Named)) })])),
    [],
  ),
  status: v.string(),
  justification: v.optional(v.string()),
  impact_statement: v.optional(v.string()),
  status_notes: v.optional(v.string()),
});

const OpenVex = v.looseObject({
  '@context': v.pipe(v.string(), v.startsWith('https://openvex.dev/ns')),
  statements: v.array(v.unknown()),
});

/** Rules made of an OpenVEX document, and what became none, with the reason. */
export interface ImportedVex {
  readonly rules: readonly IgnoreRule[];
  /** A rule says more than its statement did. */
  readonly widened: readonly string[];
  readonly left: readonly string[];
}

/** Takes the parsed document; undefined when it is none. Rules get `expires`, which OpenVEX does not know. */
export function importVex(value: unknown, expires: string): ImportedVex | undefined {
  const parsed = v.safeParse(OpenVex, value);
  if (!parsed.success) return undefined;
  const outcomes = parsed.output.statements.flatMap((it, nth) => fromStatement(it, nth + 1, expires));
  return {
    rules: outcomes.flatMap(({ rule }) => rule ?? []),
    widened: outcomes.flatMap(({ widened }) => widened ?? []),
    left: outcomes.flatMap(({ left }) => left ?? []),
  };
}

interface Outcome {
  readonly rule?: IgnoreRule;
  readonly widened?: string;
  readonly left?: string;
}

function fromStatement(value: unknown, nth: number, expires: string): readonly Outcome[] {
  const parsed = v.safeParse(Statement, value);
  if (!parsed.success) return [{ left: `statement ${nth}: not a statement of OpenVEX` }];
  const { vulnerability, products, status, justification, impact_statement, status_notes } = parsed.output;
  const cve = vulnerability.name ?? ('@id' in vulnerability ? String(vulnerability['@id']) : '');
  const about = `statement ${nth} (${cve})`;
  if (status !== 'not_affected' && status !== 'fixed')
    return [{ left: `${about}: its status is ${status}, which keeps a finding open` }];
  if (!/^[A-Za-z0-9.:_-]{1,256}$/.test(cve)) return [{ left: `${about}: names no finding` }];
  const reason = [justification ?? status, impact_statement ?? status_notes]
    .filter(Boolean)
    .join(': ')
    .slice(0, 500);
  const base = { cve, reason: `OpenVEX ${reason}`.slice(0, 500), expires };
  if (products.length === 0) return [{ left: `${about}: names no product` }];
  return products.flatMap((product) => fromProduct(product, { base, about, isFixed: status === 'fixed' }));
}

function fromProduct(
  product: string | v.InferOutput<typeof Named>,
  { base, about, isFixed }: { readonly base: IgnoreRule; readonly about: string; readonly isFixed: boolean },
): readonly Outcome[] {
  const purl = purlOf(product);
  const image = imageIn(purl);
  if (!image) return [{ left: `${about}: ${purl || 'a product without a purl'} is no pkg:oci/…` }];
  if (isFixed && image.isOneDigest)
    return [{ left: `${about}: fixed in one image, while a rule would silence older ones, too` }];
  const parts =
    typeof product === 'string' ? [] : ((product as { subcomponents?: unknown[] }).subcomponents ?? []);
  const { repository } = image;
  const rules = parts.length === 0 ? [{ ...base, repository }] : [];
  const named = parts.map((it) => ({ it: purlOf(it as string), name: packageIn(purlOf(it as string)) }));
  return [
    ...[...rules, ...named.flatMap(({ name }) => (name ? [{ ...base, package: name, repository }] : []))].map(
      (rule) => ({ rule }),
    ),
    ...named.flatMap(({ it, name }) =>
      name ? [] : [{ left: `${about}: ${it || 'a part'} is no purl of a package` }],
    ),
    ...(image.isOneDigest
      ? [{ widened: `${about}: is about one digest; the rule is about all of ${repository}` }]
      : []),
  ];
}

function purlOf(it: string | v.InferOutput<typeof Named>): string {
  if (typeof it === 'string') return it;
  const { identifiers, '@id': id = '' } = it as { identifiers?: { purl?: string }; '@id'?: string };
  return identifiers?.purl ?? id;
}

/** https://github.com/package-url/purl-spec: `pkg:oci/name@sha256%3A…?repository_url=host/path/name` */
function imageIn(purl: string): { readonly repository: string; readonly isOneDigest: boolean } | undefined {
  const [, name, version, query = ''] = /^pkg:oci\/([^@?#/]+)(?:@([^?#]*))?(?:\?([^#]*))?/.exec(purl) ?? [];
  if (!name) return undefined;
  const url = new URLSearchParams(query).get('repository_url') ?? '';
  const path = url
    .replace(/^https?:\/\//, '')
    .split('/')
    .slice(1)
    .join('/');
  const repository = path || name.toLowerCase();
  if (!/^[a-z0-9][a-z0-9._/-]{0,255}$/.test(repository)) return undefined;
  return { repository, isOneDigest: Boolean(version) };
}

/** The package's name as scanners write it: with its namespace where that is part of it. */
function packageIn(purl: string): string | undefined {
  const [, type, path] = /^pkg:([a-z0-9.+-]+)\/([^@?#]+)/i.exec(purl) ?? [];
  if (!type || !path) return undefined;
  const parts = path.split('/').map((it) => decodeURIComponent(it));
  const isDistribution = ['apk', 'deb', 'rpm', 'alpm'].includes(type.toLowerCase());
  const joined = type.toLowerCase() === 'maven' ? parts.join(':') : parts.join('/');
  const name = isDistribution ? parts.at(-1) : joined;
  return name && /^[A-Za-z0-9._/@:+~-]{1,256}$/.test(name) ? name : undefined;
}
