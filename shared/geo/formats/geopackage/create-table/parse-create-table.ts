import { tokenize, type Token } from './tokens.ts';

/** A column as its table's definition states it. */
export interface ColumnDefinition {
  name: string;
  /** Declared type, such as `MEDIUMINT` or `TEXT(20)`; empty where there is none. */
  type: string;
  /** Tokens of the default, in order; absent where it is NULL or none is stated. */
  default?: Token[];
  /** `virtual`: not in the rows. `stored`: in them as any other. */
  generated?: 'virtual' | 'stored';
}

export interface TableDefinition {
  columns: ColumnDefinition[];
  /** Number of the column that stands for the rowid (INTEGER PRIMARY KEY). */
  rowidColumn: number | undefined;
  hasRowid: boolean;
}

/** Words that end the type of a column and begin a constraint. */
const COLUMN_CONSTRAINTS = new Set(
  'CONSTRAINT PRIMARY NOT NULL UNIQUE CHECK DEFAULT COLLATE REFERENCES GENERATED AS'.split(' '),
);

/** Words that begin a constraint of the table where a column could be. */
const TABLE_CONSTRAINTS = new Set('CONSTRAINT PRIMARY UNIQUE CHECK FOREIGN'.split(' '));

/** A definition that cannot be read; the reason is a clause. */
export class DefinitionError extends Error {}

/**
 * Reads CREATE TABLE as SQLite keeps it. Expressions are passed over by their parentheses: nothing of them is evaluated.
 * @throws DefinitionError
 */
export function parseCreateTable(sql: string): TableDefinition {
  const tokens = tokenize(sql);
  if (tokens === undefined) throw new DefinitionError('a quote is not closed');
  return new Parser(tokens).parse();
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  readonly #columns: ColumnDefinition[] = [];
  #rowidColumn: number | undefined;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parse(): TableDefinition {
    this.#expectWord('CREATE');
    void (this.#takeWord('TEMP') || this.#takeWord('TEMPORARY'));
    this.#expectWord('TABLE');
    if (this.#takeWord('IF')) {
      this.#expectWord('NOT');
      this.#expectWord('EXISTS');
    }
    this.#takeName();
    if (this.#takeSymbol('.')) this.#takeName();
    this.#expectSymbol('(');
    do {
      if (this.#isTableConstraint()) this.#readTableConstraint();
      else this.#readColumn();
    } while (this.#takeSymbol(','));
    // Commas between constraints of the table may be left out.
    while (this.#isTableConstraint()) {
      this.#readTableConstraint();
      this.#takeSymbol(',');
    }
    this.#expectSymbol(')');
    const hasRowid = this.#readOptions();
    if (this.#columns.length === 0) throw new DefinitionError('it has no columns');
    return { columns: this.#columns, rowidColumn: hasRowid ? this.#rowidColumn : undefined, hasRowid };
  }

  #readOptions(): boolean {
    let hasRowid = true;
    while (this.#at < this.#tokens.length) {
      if (this.#takeWord('WITHOUT')) {
        this.#expectWord('ROWID');
        hasRowid = false;
      } else if (!this.#takeWord('STRICT') && !this.#takeSymbol(',') && !this.#takeSymbol(';')) {
        throw new DefinitionError(`«${this.#peek()?.text}» follows its columns`);
      }
    }
    return hasRowid;
  }

  #readColumn(): void {
    const name = this.#takeName();
    if (this.#columns.some((column) => column.name.toLowerCase() === name.toLowerCase())) {
      throw new DefinitionError(`it has the column ${name} twice`);
    }
    const column: ColumnDefinition = { name, type: this.#takeType() };
    this.#columns.push(column);
    while (!this.#isSymbol(',') && !this.#isSymbol(')')) this.#readColumnConstraint(column);
  }

  #takeType(): string {
    const words: string[] = [];
    for (let token = this.#peek(); token !== undefined; token = this.#peek()) {
      const isConstraint = token.kind === 'word' && COLUMN_CONSTRAINTS.has(token.text.toUpperCase());
      if (isConstraint || (token.kind !== 'word' && token.kind !== 'quoted' && token.kind !== 'string')) break;
      words.push(token.text);
      this.#at++;
    }
    const size = words.length > 0 && this.#isSymbol('(') ? this.#takeParenthesised() : [];
    return words.join(' ') + size.map(({ text }) => text).join('');
  }

  #readColumnConstraint(column: ColumnDefinition): void {
    if (this.#takeWord('CONSTRAINT')) {
      this.#takeName();
      return;
    }
    if (this.#takeWord('PRIMARY')) {
      this.#expectWord('KEY');
      const isDescending = this.#takeWord('DESC');
      // An old slip of SQLite that it keeps: INTEGER PRIMARY KEY DESC is no other name of the rowid.
      if (!isDescending) this.#setRowidColumn(this.#columns.length - 1);
      return;
    }
    if (this.#takeWord('DEFAULT')) {
      column.default = this.#takeDefault();
      return;
    }
    if (this.#takeWord('GENERATED')) {
      this.#expectWord('ALWAYS');
      if (!this.#isWord('AS')) throw new DefinitionError(`the column ${column.name} is generated from nothing`);
      return;
    }
    if (this.#takeWord('AS')) {
      this.#takeParenthesised();
      column.generated = this.#takeWord('STORED') ? 'stored' : 'virtual';
      this.#takeWord('VIRTUAL');
      return;
    }
    this.#passOver();
  }

  #takeDefault(): Token[] {
    if (this.#isSymbol('(')) return this.#takeParenthesised();
    const signs: Token[] = [];
    while (this.#isSymbol('-') || this.#isSymbol('+')) signs.push(this.#take());
    return [...signs, this.#take()];
  }

  /** Passes over a part of a constraint that tells nothing of how rows are stored. */
  #passOver(): void {
    if (this.#isSymbol('(')) this.#takeParenthesised();
    // ON DELETE SET DEFAULT states no default.
    else if (this.#takeWord('SET')) this.#take();
    else this.#take();
  }

  #isTableConstraint(): boolean {
    const token = this.#peek();
    return this.#columns.length > 0 && token?.kind === 'word' && TABLE_CONSTRAINTS.has(token.text.toUpperCase());
  }

  #readTableConstraint(): void {
    if (this.#takeWord('CONSTRAINT')) this.#takeName();
    if (this.#takeWord('PRIMARY')) {
      this.#expectWord('KEY');
      this.#readPrimaryKey(this.#takeParenthesised());
    } else {
      this.#take();
    }
    while (!this.#isSymbol(',') && !this.#isSymbol(')') && !this.#isTableConstraint()) this.#passOver();
  }

  /** A single column, whichever its order is. */
  #readPrimaryKey(tokens: readonly Token[]): void {
    const inner = tokens.slice(1, -1);
    if (inner.length === 0 || inner.some(({ kind, text }) => kind === 'symbol' && text === ',')) return;
    const name = inner[0]!.text.toLowerCase();
    const number = this.#columns.findIndex((column) => column.name.toLowerCase() === name);
    if (number >= 0) this.#setRowidColumn(number);
  }

  #setRowidColumn(number: number): void {
    if (this.#columns[number]!.type.toUpperCase() === 'INTEGER') this.#rowidColumn = number;
  }

  /** The tokens from one parenthesis to the one that closes it, both with it. */
  #takeParenthesised(): Token[] {
    const start = this.#at;
    let depth = 0;
    do {
      const { kind, text } = this.#take();
      if (kind !== 'symbol') continue;
      if (text === '(') depth++;
      if (text === ')') depth--;
    } while (depth > 0);
    return this.#tokens.slice(start, this.#at);
  }

  #takeName(): string {
    const token = this.#take();
    if (token.kind !== 'word' && token.kind !== 'quoted' && token.kind !== 'string') {
      throw new DefinitionError(`«${token.text}» stands where a name should`);
    }
    return token.text;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #take(): Token {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new DefinitionError('it is cut off');
    return token;
  }

  #isWord(word: string): boolean {
    const token = this.#peek();
    return token?.kind === 'word' && token.text.toUpperCase() === word;
  }

  #isSymbol(symbol: string): boolean {
    const token = this.#peek();
    return token?.kind === 'symbol' && token.text === symbol;
  }

  #takeWord(word: string): boolean {
    const isThere = this.#isWord(word);
    if (isThere) this.#at++;
    return isThere;
  }

  #takeSymbol(symbol: string): boolean {
    const isThere = this.#isSymbol(symbol);
    if (isThere) this.#at++;
    return isThere;
  }

  #expectWord(word: string): void {
    if (!this.#takeWord(word)) throw new DefinitionError(`${word} is missing before «${this.#peek()?.text ?? ''}»`);
  }

  #expectSymbol(symbol: string): void {
    if (!this.#takeSymbol(symbol))
      throw new DefinitionError(`«${symbol}» is missing before «${this.#peek()?.text ?? ''}»`);
  }
}
