import ts from 'typescript';
import {
  calledName,
  callableOf,
  declarationOf,
  namedDeclaration,
  ownerOf,
  withArguments,
  type Callable,
} from './declarations.ts';
import { findErrors, type ErrorKind, type ErrorSite } from './find-errors.ts';
import { conditionOf, readerOf } from './read-expression.ts';
import { readMember } from './read-member.ts';
import type { SourceProgram } from './source-program.ts';
import { PLACEHOLDER, saysSomething, type Scope, type StaticValue } from './static-value.ts';

/** Calls of calls of calls that are followed to the one that names the code. */
const MAX_CALLS = 6;

/** One error as one place makes it. */
export interface ReadError {
  code: string;
  kind: ErrorKind;
  /** `undefined`: a record, or the problem of a feature, which says nothing of it. `open`: told by an answer of the other side. */
  retryable: boolean | 'open' | undefined;
  /** Sentences, with a placeholder for what is known when it runs. */
  details: string[];
  remedies: string[];
  /** Path of the file that names the code, relative to the project. */
  file: string;
}

/**
 * Reads every error that the program makes out of its source.
 * @throws Error that names the places whose code, or whether it is retryable, cannot be told without running them
 */
export function readErrors(program: SourceProgram): ReadError[] {
  const unread: string[] = [];
  const calls = callsByName(program);
  const errors = findErrors(program).flatMap((site) => readSite(program, calls, site, unread));
  if (unread.length > 0) throw new Error(`These errors cannot be told from the source:\n${unread.join('\n')}`);
  return errors;
}

type Calls = ReadonlyMap<string, (ts.CallExpression | ts.NewExpression)[]>;

function readSite(program: SourceProgram, calls: Calls, { kind, details }: ErrorSite, unread: string[]): ReadError[] {
  const { checker } = program;
  const found: ReadError[] = [];
  const follow = (bound: Scope['bound'], followed: readonly Callable[], place: ts.Node): void => {
    const missing: Scope['missing'] = new Set();
    const read = (member: string, exact: boolean, assumed: Scope['assumed']): StaticValue[] =>
      readMember(readerOf(checker), details, member, { bound, assumed, missing, exact });
    const cases = assumptions(checker, details).map((assumed) => ({
      codes: read('code', true, assumed),
      retryable: read('retryable', true, assumed),
      details: [...read('detail', false, assumed), ...(kind === 'feature' ? read('reason', false, assumed) : [])],
      remedies: read('remedy', false, assumed),
    }));
    const callable = [...missing].map(ownerOf).find((owner) => owner !== undefined);
    const isNew = callable !== undefined && !followed.includes(callable) && followed.length < MAX_CALLS;
    if (callable !== undefined) {
      const sites = isNew ? callsOf(checker, calls, callable) : [];
      const isNamed = cases.every(({ codes }) => codes.every(({ kind: how }) => how === 'text'));
      for (const call of sites) {
        follow(withArguments(bound, callable, call), [...followed, callable], isNamed ? place : call);
      }
      if (sites.length > 0) return;
      const open = callable.parameters.map((parameter) => [parameter, 'open'] as const);
      follow(new Map([...bound, ...open]), followed, place);
      return;
    }
    for (const values of cases) {
      for (const code of values.codes.filter(({ kind: how }) => how !== 'copied')) {
        const flags = values.retryable.map((value) => (value.kind === 'flag' ? value.flag : undefined));
        const [retryable] = flags;
        const isTold = kind !== 'raised' || (flags.length === 1 && retryable !== undefined);
        if (code.kind !== 'text' || !(isTold || code.text.includes(PLACEHOLDER))) {
          unread.push(placeOf(program, place));
          continue;
        }
        found.push({
          code: code.text,
          kind,
          retryable: kind !== 'raised' ? undefined : isTold ? retryable : 'open',
          details: textsOf(values.details),
          remedies: textsOf(values.remedies),
          file: program.pathOf(place),
        });
      }
    }
  };
  follow(new Map(), [], details);
  return found;
}

function textsOf(values: readonly StaticValue[]): string[] {
  const texts = values.flatMap((value) => (value.kind === 'text' ? [value.text] : []));
  return texts.filter(saysSomething);
}

/** Each way in which the conditions that choose a code may turn out: `retryable ? 'a' : 'b'` is two errors. */
function assumptions(checker: ts.TypeChecker, details: ts.Expression): Scope['assumed'][] {
  if (!ts.isObjectLiteralExpression(details)) return [new Map()];
  const conditions = details.properties.flatMap((property) => {
    const value = ts.isPropertyAssignment(property) && property.name.getText() === 'code' && property.initializer;
    const condition = value && ts.isConditionalExpression(value) && conditionOf(checker, value.condition);
    return condition ? [condition] : [];
  });
  return conditions.length === 0
    ? [new Map()]
    : [true, false].map((flag) => new Map(conditions.map((condition) => [condition, flag])));
}

function callsByName({ files }: SourceProgram): Calls {
  const calls = new Map<string, (ts.CallExpression | ts.NewExpression)[]>();
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const name = calledName(node)?.text ?? '';
      const known = calls.get(name);
      if (known === undefined) calls.set(name, [node]);
      else known.push(node);
    }
    ts.forEachChild(node, visit);
  };
  files.forEach(visit);
  return calls;
}

function callsOf(checker: ts.TypeChecker, calls: Calls, callable: Callable) {
  const declaration = namedDeclaration(callable);
  const name = declaration.name?.getText() ?? '';
  return (calls.get(name) ?? []).filter((call) => {
    const callee = calledName(call);
    const called = callee && declarationOf(checker, callee);
    return called !== undefined && (called === declaration || callableOf(called) === callable);
  });
}

function placeOf({ pathOf }: SourceProgram, node: ts.Node): string {
  const { line } = node.getSourceFile().getLineAndCharacterOfPosition(node.getStart());
  return `${pathOf(node)}:${line + 1}`;
}
