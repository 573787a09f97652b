import { invalid } from './refusal.ts';

/** A path into an item: attribute names from the outside in. */
export type Path = readonly string[];

/** An expression, read word by word. Notes which placeholders it saw. */
export interface Tokens {
  /** The next word, without taking it; '' at the end. */
  readonly peek: () => string;
  readonly next: () => string;
  /** Takes the word if it is the next one, whatever its case. */
  readonly takes: (word: string) => boolean;
  /** Takes the word or refuses the expression. */
  readonly expects: (word: string) => void;
  readonly path: () => Path;
  /** The name of a value: `:it`. */
  readonly value: () => string;
}

export interface Placeholders {
  readonly names: Readonly<Record<string, string>>;
  readonly usedNames: Set<string>;
  readonly usedValues: Set<string>;
}

const WORD = /[#:]?[A-Za-z_][A-Za-z0-9_]*|[#:]\w+|<>|<=|>=|[=<>(),.+[\]-]|\d+/g;

/**
 * Those of the 573 reserved words that somebody here could want to call an attribute.
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ReservedWords.html
 */
const RESERVED: ReadonlySet<string> = new Set(
  `action add all and any as at attribute between by bytes capacity check cluster column comment commit condition
   constraint contains count counter current data database date day delete domain duration each end error errors event
   exists expires file filter filters first flag flags format found from function functions hash hour id identifier in
   index instance interval is item items key keys language last leader length level levels limit limits link list
   location lock locks log long map matched max member memory message method min minute missing mode name names new
   next nil no none not null number object off offset on only open option or order output owner page parent partition
   path percent permission policy position present prior private process public range rank read reason record region
   register release replace request reset resource response result return role roles root row rule rules schedule
   scheme second section segment select session set sets share size source start state states static statistics status
   storage store string subset sum table tables tag target text then time timestamp timezone title to token total
   transaction trigger true type unique unit unknown update uri url use user value values view views virtual
   wait when where window with work write year zone`.split(/\s+/),
);

export function readTokens(expression: string, placeholders: Placeholders): Tokens {
  const words = expression.match(WORD) ?? [];
  if (words.length === 0 || words.join('') !== expression.replaceAll(/\s/g, '')) throw unreadable(expression);
  let at = 0;
  const peek = () => words[at] ?? '';
  const next = () => words[at++] ?? '';
  const takes = (word: string) => {
    if (peek().toUpperCase() !== word.toUpperCase()) return false;
    at += 1;
    return true;
  };
  const name = (): string => {
    const word = next();
    if (word.startsWith('#')) {
      placeholders.usedNames.add(word);
      return placeholders.names[word] ?? refuse(`the name ${word} is not given`);
    }
    if (!/^[A-Za-z_]/.test(word)) throw unreadable(expression);
    return RESERVED.has(word.toLowerCase()) ? refuse(`${word} is a reserved word`) : word;
  };
  return {
    peek,
    next,
    takes,
    expects(word) {
      if (!takes(word)) throw unreadable(expression);
    },
    path() {
      const path = [name()];
      while (takes('.')) path.push(name());
      return path;
    },
    value() {
      const word = next();
      if (!word.startsWith(':')) throw unreadable(expression);
      placeholders.usedValues.add(word);
      return word;
    },
  };
}

export function unreadable(expression: string): Error {
  return invalid(`this expression cannot be read: ${expression}`);
}

function refuse(message: string): never {
  throw invalid(message);
}
