import * as v from 'valibot';
import type { IgnoreRule } from '../policy/ignore.ts';

// https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md (v0.2.0, and v0.0.x with plain names)

const NAME = {
  '@id': v.optional(v.string()),
  identifiers: v.optional(v.looseObject({ purl: v.optional(v.string()) })),
};
const Named = v.union([v.pipe(v.string(), v.transform(named)), v.looseObject(NAME)]);

const Statement = v.looseObject({
  vulnerability: v.union([
    v.pipe(
      v.string(),
      v.transform((name) => ({ name })),
    ),
    v.looseObject({ name: v.optional(v.string()), '@id': v.optional(v.string()) }),
  ]),
  products: v.optional(
    v.array(
      v.union([
        v.pipe(v.string(), v.transform(named)),
        v.looseObject({ ...NAME, subcomponents: v.optional(v.array(Named), []) }),
      ]),
    ),
    [],
  ),
  timestamp: v.optional(v.string()),
  status: v.string(),
  justification: v.optional(v.string()),
  impact_statement: v.optional(v.string()),
  status_notes: v.optional(v.string()),
});

const OpenVex = v.looseObject({
  '@context': v.pipe(v.string(), v.startsWith('https://openvex.dev/ns')),
  timestamp: v.optional(v.string(), ''),
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
  const { statements, timestamp } = parsed.output;
  const outcomes = withoutOpen(
    statements.flatMap((it, nth) => fromStatement(it, nth + 1, expires, timestamp)),
  );
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
  readonly said?: Said;
}

/** What a statement says of one product. */
interface Said {
  readonly about: string;
  /** Its place in the document, and when it was made: 0 when nobody says. */
  readonly nth: number;
  readonly atMs: number;
  readonly cve: string;
  readonly product: string;
  readonly isOpen: boolean;
}

/**
 * Without the rules for what another statement keeps open: of two about one product the newer one holds, and a rule is
 * about all images of the repository, so that it gives way to what is said of another one of them at any time.
 */
function withoutOpen(outcomes: readonly Outcome[]): readonly Outcome[] {
  const open = outcomes.flatMap(({ said }) => (said?.isOpen ? said : []));
  return outcomes.flatMap((it) => {
    const { rule, said } = it;
    const by = rule && said && open.find((other) => keepsOpen(other, said));
    return by ? [{ left: `${said.about}: ${by.about} keeps it open` }] : [it];
  });
}

function keepsOpen(open: Said, { cve, product, atMs, nth }: Said): boolean {
  if (open.cve !== cve || repositoryOf(open.product) !== repositoryOf(product)) return false;
  if (open.product !== product) return true;
  return open.atMs === atMs ? open.nth > nth : open.atMs > atMs;
}

function fromStatement(value: unknown, nth: number, expires: string, madeAt: string): readonly Outcome[] {
  const parsed = v.safeParse(Statement, value);
  if (!parsed.success) return [{ left: `statement ${nth}: not a statement of OpenVEX` }];
  const { vulnerability, products, status, justification, impact_statement, status_notes } = parsed.output;
  const cve = findingIn(vulnerability);
  const about = `statement ${nth} (${cve})`;
  const said = { about, nth, cve, atMs: Date.parse(parsed.output.timestamp ?? madeAt) || 0 };
  if (status !== 'not_affected' && status !== 'fixed') {
    const left = `${about}: its status is ${status}, which keeps a finding open`;
    return [{ left }, ...products.map((it) => ({ said: { ...said, product: purlOf(it), isOpen: true } }))];
  }
  if (!/^[A-Za-z0-9.:_-]{1,256}$/.test(cve)) return [{ left: `${about}: names no finding` }];
  const reason = [justification ?? status, impact_statement ?? status_notes].filter(Boolean).join(': ');
  const base = { cve, reason: `OpenVEX ${reason}`.slice(0, 500), expires };
  if (products.length === 0) return [{ left: `${about}: names no product` }];
  return products.flatMap((product) => fromProduct(product, { base, said, isFixed: status === 'fixed' }));
}

type Product = v.InferOutput<typeof Statement>['products'][number];

interface Answer {
  readonly base: IgnoreRule;
  readonly said: Omit<Said, 'product' | 'isOpen'>;
  readonly isFixed: boolean;
}

function fromProduct(product: Product, { base, said, isFixed }: Answer): readonly Outcome[] {
  const { about } = said;
  const purl = purlOf(product);
  const image = imageIn(purl);
  if (!image) return [{ left: `${about}: ${purl || 'a product without a purl'} is no pkg:oci/…` }];
  if (isFixed && image.isOneDigest)
    return [{ left: `${about}: fixed in one image, while a rule would silence older ones, too` }];
  const { subcomponents: parts = [] } = product as {
    readonly subcomponents?: readonly v.InferOutput<typeof Named>[];
  };
  const { repository } = image;
  const of = { ...said, product: purl, isOpen: false };
  const outcomes = parts.map((part): Outcome => {
    const name = packageIn(purlOf(part));
    if (!name) return { left: `${about}: ${purlOf(part) || 'a part'} is no purl of a package` };
    return { rule: { ...base, package: name, repository }, said: of };
  });
  const widened = `${about}: is about one digest; the rule is about all of ${repository}`;
  return [
    ...(parts.length === 0 ? [{ rule: { ...base, repository }, said: of }] : outcomes),
    ...(image.isOneDigest ? [{ widened }] : []),
  ];
}

function findingIn(vulnerability: v.InferOutput<typeof Statement>['vulnerability']): string {
  const { name, '@id': id } = vulnerability as { readonly name?: string; readonly '@id'?: string };
  return name ?? id ?? '';
}

function repositoryOf(purl: string): string | undefined {
  return imageIn(purl)?.repository;
}

function named(id: string): { readonly '@id'?: string; readonly identifiers?: { readonly purl?: string } } {
  return { '@id': id };
}

function purlOf({ identifiers, '@id': id = '' }: v.InferOutput<typeof Named>): string {
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
  const parts = path.split('/').map(decoded);
  const isDistribution = ['apk', 'deb', 'rpm', 'alpm'].includes(type.toLowerCase());
  const joined = type.toLowerCase() === 'maven' ? parts.join(':') : parts.join('/');
  const name = isDistribution ? parts.at(-1) : joined;
  return name && /^[A-Za-z0-9._/@:+~-]{1,256}$/.test(name) ? name : undefined;
}

/** As it is where it is no percent-encoding. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
