import ts from 'typescript';
import type { Scope } from './static-value.ts';

/** Something with parameters and a body. */
export type Callable = ts.FunctionDeclaration | ts.ArrowFunction | ts.FunctionExpression | ts.ConstructorDeclaration;

/** An expression without the parentheses and assertions of type around it. */
export function unwrapped(node: ts.Expression): ts.Expression {
  const isWrapper =
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isNonNullExpression(node);
  return isWrapper ? unwrapped(node.expression) : node;
}

/** Where a name is declared, across imports. */
export function declarationOf(checker: ts.TypeChecker, name: ts.Identifier): ts.Declaration | undefined {
  const { parent } = name;
  const symbol = ts.isShorthandPropertyAssignment(parent)
    ? checker.getShorthandAssignmentValueSymbol(parent)
    : checker.getSymbolAtLocation(name);
  if (symbol === undefined) return undefined;
  const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
  const target = isAlias ? checker.getAliasedSymbol(symbol) : symbol;
  return target.valueDeclaration ?? target.declarations?.[0];
}

/** The name that a call names: `f` of `f(…)` and of `module.f(…)`. */
export function calledName({ expression }: ts.CallExpression | ts.NewExpression): ts.Identifier | undefined {
  const name = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
  return ts.isIdentifier(name) ? name : undefined;
}

/** The function that a declaration declares, whether as such or as a constant. */
export function callableOf(declaration: ts.Declaration): Callable | undefined {
  if (ts.isFunctionDeclaration(declaration)) return declaration;
  const value = ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
  return value !== undefined && (ts.isArrowFunction(value) || ts.isFunctionExpression(value)) ? value : undefined;
}

/** The function that a parameter belongs to, when calls of it can be found by its name. */
export function ownerOf(parameter: ts.ParameterDeclaration): Callable | undefined {
  const owner = parameter.parent;
  const isOurs = ts.isFunctionDeclaration(owner) || ts.isArrowFunction(owner) || ts.isConstructorDeclaration(owner);
  return isOurs || ts.isFunctionExpression(owner) ? owner : undefined;
}

/** The declaration that calls of a function name: its own, its constant's, or its class's. */
export function namedDeclaration(callable: Callable): ts.Declaration & { name?: ts.Node } {
  if (ts.isConstructorDeclaration(callable)) return callable.parent;
  return ts.isVariableDeclaration(callable.parent) ? callable.parent : callable;
}

/** The arguments of a call by the parameters of what it calls, beside those that are known already. */
export function withArguments(
  bound: Scope['bound'],
  callable: Callable,
  { arguments: given = [] as unknown as ts.NodeArray<ts.Expression> }: ts.CallExpression | ts.NewExpression,
): Scope['bound'] {
  const spread = given.findIndex(ts.isSpreadElement);
  const told = spread < 0 ? given.length : spread;
  const rest = spread < 0 ? 'absent' : 'open';
  const entries = callable.parameters.map((parameter, index) => {
    const isRest = parameter.dotDotDotToken !== undefined;
    return [parameter, isRest ? 'open' : index < told ? given[index]! : rest] as const;
  });
  return new Map([...bound, ...entries]);
}

/** The expressions that a function of ours may return, each with its function. */
export function returnedExpressions(
  declaration: ts.Declaration,
): { of: Callable; expression: ts.Expression }[] | undefined {
  const callable = callableOf(declaration);
  if (callable?.body === undefined) return undefined;
  if (!ts.isBlock(callable.body)) return [{ of: callable, expression: callable.body }];
  const found: { of: Callable; expression: ts.Expression }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isReturnStatement(node) && node.expression !== undefined) {
      found.push({ of: callable, expression: node.expression });
    }
    ts.forEachChild(node, visit);
  };
  visit(callable.body);
  return found;
}
