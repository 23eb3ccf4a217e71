import ts from 'typescript';
import { calledName, declarationOf } from './declarations.ts';
import type { SourceProgram } from './source-program.ts';

const BASE_CLASS = 'LonghaulError';
/** The error of one feature, which ends nothing: its reader rejects the feature and reads on. */
const FEATURE_CLASS = 'FeatureError';

/**
 * `raised`: handed to the error's constructor. `recorded`: the reason that a row, a message or a list keeps. `feature`: why
 * a feature is rejected, or what is noted of it.
 */
export type ErrorKind = 'raised' | 'recorded' | 'feature';

/** A place that makes an error. */
export interface ErrorSite {
  kind: ErrorKind;
  /** The object with the code. */
  details: ts.Expression;
}

/** Every place in the program where an error, or the record of one, is made. */
export function findErrors({ checker, files }: SourceProgram): ErrorSite[] {
  const sites: ErrorSite[] = [];
  const visit = (node: ts.Node): void => {
    const details = raisedDetails(checker, node);
    if (details !== undefined) sites.push({ kind: isOfFeature(node) ? 'feature' : 'raised', details });
    const kind = recordKind(node);
    if (kind !== undefined) sites.push({ kind, details: node as ts.ObjectLiteralExpression });
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

const isOfFeature = (node: ts.Node): boolean => ts.isNewExpression(node) && calledName(node)?.text === FEATURE_CLASS;

const isBase = ({ name }: ts.ClassDeclaration): boolean => name?.text === BASE_CLASS;
const hasConstructor = ({ members }: ts.ClassDeclaration): boolean => members.some(ts.isConstructorDeclaration);

function isErrorClass(checker: ts.TypeChecker, declaration: ts.ClassDeclaration): boolean {
  if (isBase(declaration)) return true;
  const clause = declaration.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword);
  const parent = clause?.types[0]?.expression;
  const extended = parent !== undefined && ts.isIdentifier(parent) ? declarationOf(checker, parent) : undefined;
  return extended !== undefined && ts.isClassDeclaration(extended) && isErrorClass(checker, extended);
}

/**
 * An object with a code and a detail, such as the failure of a job or the reason of a dead letter, or with a code and a
 * reason, as features have it; no schema of one.
 */
function recordKind(node: ts.Node): ErrorKind | undefined {
  if (!ts.isObjectLiteralExpression(node)) return undefined;
  const { parent } = node;
  const isSchema = ts.isCallExpression(parent) && ts.isPropertyAccessExpression(parent.expression);
  if (isSchema && parent.expression.expression.getText() === 'z') return undefined;
  const names = node.properties.map(({ name }) => (name !== undefined && ts.isIdentifier(name) ? name.text : ''));
  if (!names.includes('code')) return undefined;
  if (names.includes('reason')) return 'feature';
  const isHandedToConstructor = ts.isNewExpression(parent) || ts.isCallExpression(parent);
  return names.includes('detail') && !(isHandedToConstructor && names.includes('retryable')) ? 'recorded' : undefined;
}
