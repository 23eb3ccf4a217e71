import ts from 'typescript';
import { calledName, declarationOf } from './declarations.ts';
import type { SourceProgram } from './source-program.ts';

const BASE_CLASS = 'LonghaulError';

/** A place that makes an error. */
export interface ErrorSite {
  /** `raised`: handed to the error's constructor. `recorded`: the reason that a row, a message or a list keeps. */
  kind: 'raised' | 'recorded';
  details: ts.Expression;
}

/** Every place in the program where an error, or the record of one, is made. */
export function findErrors({ checker, files }: SourceProgram): ErrorSite[] {
  const sites: ErrorSite[] = [];
  const visit = (node: ts.Node): void => {
    const details = raisedDetails(checker, node);
    if (details !== undefined) sites.push({ kind: 'raised', details });
    if (isRecord(node)) sites.push({ kind: 'recorded', details: node });
    ts.forEachChild(node, visit);
  };
  files.forEach(visit);
  return sites;
}

/** What `new LonghaulError(…)`, a subclass that adds no constructor, or `super(…)` of one that does, is given. */
function raisedDetails(checker: ts.TypeChecker, node: ts.Node): ts.Expression | undefined {
  if (ts.isNewExpression(node)) {
    const name = calledName(node);
    const made = name && declarationOf(checker, name);
    const takesDetails = made !== undefined && ts.isClassDeclaration(made) && isErrorClass(checker, made);
    return takesDetails && (isBase(made) || !hasConstructor(made)) ? node.arguments?.[0] : undefined;
  }
  if (!ts.isCallExpression(node) || node.expression.kind !== ts.SyntaxKind.SuperKeyword) return undefined;
  const within = ts.findAncestor(node, ts.isClassDeclaration);
  return within !== undefined && !isBase(within) && isErrorClass(checker, within) ? node.arguments[0] : undefined;
}

const isBase = ({ name }: ts.ClassDeclaration): boolean => name?.text === BASE_CLASS;
const hasConstructor = ({ members }: ts.ClassDeclaration): boolean => members.some(ts.isConstructorDeclaration);

function isErrorClass(checker: ts.TypeChecker, declaration: ts.ClassDeclaration): boolean {
  if (isBase(declaration)) return true;
  const clause = declaration.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword);
  const parent = clause?.types[0]?.expression;
  const extended = parent !== undefined && ts.isIdentifier(parent) ? declarationOf(checker, parent) : undefined;
  return extended !== undefined && ts.isClassDeclaration(extended) && isErrorClass(checker, extended);
}

/** An object with a code and a detail, such as the failure of a job or the reason of a dead letter; no schema of one. */
function isRecord(node: ts.Node): node is ts.ObjectLiteralExpression {
  if (!ts.isObjectLiteralExpression(node)) return false;
  const { parent } = node;
  const isSchema = ts.isCallExpression(parent) && ts.isPropertyAccessExpression(parent.expression);
  if (isSchema && parent.expression.expression.getText() === 'z') return false;
  const names = node.properties.map(({ name }) => (name !== undefined && ts.isIdentifier(name) ? name.text : ''));
  const isHandedToConstructor = ts.isNewExpression(parent) || ts.isCallExpression(parent);
  return names.includes('code') && names.includes('detail') && !(isHandedToConstructor && names.includes('retryable'));
}
