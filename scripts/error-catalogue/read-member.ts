import ts from 'typescript';
import { declarationOf, unwrapped } from './declarations.ts';
import { ABSENT, COPIED, distinct, OPEN, type Scope, type StaticValue } from './static-value.ts';

/** How expressions and declarations are read: handed in, because each of these readers needs the others. */
export interface Reader {
  checker: ts.TypeChecker;
  expression: (node: ts.Expression, scope: Scope) => StaticValue[];
  declaration: (declaration: ts.Declaration, scope: Scope) => StaticValue[];
}

/** Every value that a member of an object may have; `copied` when the object is not made in what can be read. */
export function readMember(reader: Reader, node: ts.Expression, member: string, scope: Scope): StaticValue[] {
  const { checker } = reader;
  const expression = unwrapped(node);
  if (lacksMember(checker, expression, member)) return [ABSENT];
  const read = (inner: ts.Expression) => readMember(reader, inner, member, scope);
  if (ts.isObjectLiteralExpression(expression)) return readProperty(reader, expression, member, scope);
  if (ts.isConditionalExpression(expression)) {
    return distinct([...read(expression.whenTrue), ...read(expression.whenFalse)]);
  }
  if (ts.isBinaryExpression(expression)) {
    if (expression.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken) {
      return distinct([ABSENT, ...read(expression.right)]);
    }
    return distinct([...read(expression.left), ...read(expression.right)]);
  }
  if (ts.isElementAccessExpression(expression)) {
    const elements = elementsOf(checker, expression, scope);
    return elements === undefined ? [COPIED] : read(elements);
  }
  if (!ts.isIdentifier(expression)) return [COPIED];
  const declaration = declarationOf(checker, expression);
  if (declaration === undefined) return [COPIED];
  if (ts.isParameter(declaration)) {
    const argument = scope.bound.get(declaration);
    if (argument === undefined) scope.missing.add(declaration);
    if (argument === undefined || argument === 'open') return [COPIED];
    if (argument !== 'absent') return read(argument);
    return declaration.initializer === undefined ? [ABSENT] : read(declaration.initializer);
  }
  const isConstant = (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
  const made = ts.isVariableDeclaration(declaration) && isConstant ? declaration.initializer : undefined;
  return made === undefined ? [COPIED] : read(made);
}

/** True when the type alone says that there is no such member: the rest of an options object, for instance. */
function lacksMember(checker: ts.TypeChecker, expression: ts.Expression, member: string): boolean {
  if (ts.isObjectLiteralExpression(expression)) return false;
  const type = checker.getTypeAtLocation(expression);
  const parts = type.isUnion() ? type.types : [type];
  return parts.every((part) => (part.flags & ts.TypeFlags.Object) !== 0 && part.getProperty(member) === undefined);
}

function readProperty(reader: Reader, object: ts.ObjectLiteralExpression, member: string, scope: Scope): StaticValue[] {
  const found: StaticValue[] = [];
  for (const property of object.properties.toReversed()) {
    if (ts.isSpreadAssignment(property)) {
      const values = readMember(reader, property.expression, member, scope);
      found.push(...values.filter(({ kind }) => kind !== 'absent'));
      if (values.every(({ kind }) => kind !== 'absent')) return distinct(found);
      continue;
    }
    if (property.name === undefined || !ts.isIdentifier(property.name) || property.name.text !== member) continue;
    if (ts.isPropertyAssignment(property)) {
      return distinct([...found, ...reader.expression(property.initializer, scope)]);
    }
    if (ts.isShorthandPropertyAssignment(property)) {
      const declaration = declarationOf(reader.checker, property.name);
      return distinct([...found, ...(declaration ? reader.declaration(declaration, scope) : [OPEN])]);
    }
    return [OPEN];
  }
  return distinct([...found, ABSENT]);
}

/** The element of a list that is written down, such as `errors[0]` where `errors` is the argument `[{ … }]`. */
function elementsOf(
  checker: ts.TypeChecker,
  { expression, argumentExpression }: ts.ElementAccessExpression,
  scope: Scope,
): ts.Expression | undefined {
  if (!ts.isNumericLiteral(argumentExpression) || !ts.isIdentifier(expression)) return undefined;
  const declaration = declarationOf(checker, expression);
  if (declaration === undefined || !ts.isParameter(declaration)) return undefined;
  const list = scope.bound.get(declaration);
  if (list === undefined) scope.missing.add(declaration);
  if (list === undefined || typeof list === 'string' || !ts.isArrayLiteralExpression(list)) return undefined;
  return list.elements[Number(argumentExpression.text)];
}
