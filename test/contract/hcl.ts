import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Language, type Node, Parser } from 'web-tree-sitter';
import { once } from '../../lib/once.ts';

/** A value as it is written; what is no literal is its source text in `${}`. */
type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value };

export interface Block {
  readonly type: string;
  readonly labels: readonly string[];
  readonly attributes: Readonly<Record<string, Value>>;
  readonly blocks: readonly Block[];
}

const require = createRequire(import.meta.url);
const GRAMMAR = require.resolve('@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-terraform.wasm');

const loadLanguage = once(async () => {
  await Parser.init();
  return Language.load(GRAMMAR);
});

/** The blocks of a file of Terraform's; throws where it is no HCL. */
export async function readHcl(path: string): Promise<readonly Block[]> {
  const language = await loadLanguage();
  const parser = new Parser().setLanguage(language);
  const tree = parser.parse(readFileSync(path, 'utf8'));
  try {
    const root = tree?.rootNode;
    if (!root || root.hasError) throw new Error(`${path} is no HCL`);
    return blocksIn(root.namedChildren.find((it) => it?.type === 'body'));
  } finally {
    // What it leaves to the collector of garbage may be freed where another file of tests has begun.
    tree?.delete();
    parser.delete();
  }
}

function blocksIn(body: Node | null | undefined): readonly Block[] {
  return named(body, 'block').map((block) => {
    const [type, ...labels] = block.namedChildren.filter((it) => /^(identifier|string_lit)$/.test(it.type));
    const inner = named(block, 'body')[0];
    return {
      type: type?.text ?? '',
      labels: labels.map((it) => unquoted(it.text)),
      attributes: Object.fromEntries(named(inner, 'attribute').map(attribute)),
      blocks: blocksIn(inner),
    };
  });
}

function attribute(node: Node): readonly [string, Value] {
  const [name, expression] = node.namedChildren;
  if (!name || !expression) throw new Error(`no value in ${node.text}`);
  return [name.text, literal(expression)];
}

const WRAPPERS = new Set(['expression', 'literal_value', 'collection_value']);
const READERS: Readonly<Record<string, (node: Node) => Value>> = {
  string_lit: ({ text }) => unquoted(text),
  numeric_lit: ({ text }) => Number(text),
  bool_lit: ({ text }) => text === 'true',
  tuple: (node) => named(node, 'expression').map(literal),
  object: (node) => Object.fromEntries(named(node, 'object_elem').map(element)),
  function_call: called,
};

function literal(node: Node): Value {
  const [only, ...others] = node.namedChildren;
  if (WRAPPERS.has(node.type) && only && others.length === 0) return literal(only);
  return READERS[node.type]?.(node) ?? source(node);
}

/** A call of `jsonencode` is the value that it is given: both tools send JSON. */
function called(node: Node): Value {
  const [argument] = named(named(node, 'function_arguments')[0], 'expression');
  return node.namedChildren[0]?.text === 'jsonencode' && argument ? literal(argument) : source(node);
}

function element(node: Node): readonly [string, Value] {
  const [key, value] = ['key', 'val'].map((field) => node.childForFieldName(field));
  if (!key || !value) throw new Error(`no value in ${node.text}`);
  return [unquoted(key.text), literal(value)];
}

function source({ text }: Node): Value {
  return `\${${text}}`;
}

function named(node: Node | null | undefined, type: string): readonly Node[] {
  return node?.namedChildren.filter((it) => it.type === type) ?? [];
}

function unquoted(text: string): string {
  return text.startsWith('"') ? JSON.parse(text) : text;
}
