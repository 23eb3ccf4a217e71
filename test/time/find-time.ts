import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { PROJECT_FOLDER } from '../../scripts/error-catalogue/source-program.ts';

/** Where time decides: the engine, what decides who may call, and the functions around them. */
const FOLDERS = ['shared/jobs', 'shared/http', 'shared/adapters', 'functions'];

/** What stands for an instant or a span of time. */
const TIME = /\bnow\b|\bnow\(\)|At\b|Until\b|\bsince\b|_MILLISECONDS\b|_SECONDS\b|_MS\b/;

/** Names of constants that hold a span of time. */
const SPAN = /(_MILLISECONDS|_MS|_SECONDS|_MINUTES|_HOURS|_DAYS)$|^(MILLISECONDS|SECONDS|MINUTES|HOURS|DAYS)_/;

const RELATIONS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.LessThanToken,
  ts.SyntaxKind.LessThanEqualsToken,
  ts.SyntaxKind.GreaterThanToken,
  ts.SyntaxKind.GreaterThanEqualsToken,
]);

export interface TimeOfCode {
  /** Every comparison of times, as `<file>: <expression>`: in code, by a condition of a write, or by a bound. */
  comparisons: string[];
  /** Every constant that is a span of time, as `<file>: <name>`. */
  constants: string[];
}

/** Reads from the code itself where it compares times. @param texts files by path; those of the project by default */
export function findTime(texts: Readonly<Record<string, string>> = projectTexts()): TimeOfCode {
  const comparisons = new Set<string>();
  const constants = new Set<string>();
  for (const [path, text] of Object.entries(texts)) {
    const visit = (node: ts.Node): void => {
      if (comparesTimes(node)) comparisons.add(`${path}: ${node.getText().replace(/\s+/g, ' ')}`);
      if (ts.isVariableDeclaration(node) && SPAN.test(node.name.getText())) {
        constants.add(`${path}: ${node.name.getText()}`);
      }
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true));
  }
  return { comparisons: [...comparisons].sort(), constants: [...constants].sort() };
}

function comparesTimes(node: ts.Node): boolean {
  if (ts.isBinaryExpression(node) && RELATIONS.has(node.operatorToken.kind)) {
    return TIME.test(node.left.getText()) || TIME.test(node.right.getText());
  }
  if (!ts.isCallExpression(node)) return false;
  const isCondition = node.expression.getText() === 'atMost';
  const isBound = /^Math\.(min|max)$/.test(node.expression.getText());
  return (
    (isCondition || isBound) && node.arguments.some((argument) => TIME.test(argument.getText().replaceAll("'", ' ')))
  );
}

function projectTexts(): Record<string, string> {
  const paths = FOLDERS.flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: PROJECT_FOLDER }));
  return Object.fromEntries(paths.sort().map((path) => [path, readFileSync(join(PROJECT_FOLDER, path), 'utf8')]));
}
