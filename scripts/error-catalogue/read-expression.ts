import ts from 'typescript';
import { declarationOf, returnedExpressions, unwrapped, withArguments } from './declarations.ts';
import { readMember, type Reader } from './read-member.ts';
import {
  ABSENT,
  distinct,
  flag,
  OPEN,
  PLACEHOLDER,
  saysSomething,
  text,
  type Scope,
  type StaticValue,
} from './static-value.ts';

/** Values that the parts of one template may give together; more stay open. */
const MAX_COMBINATIONS = 16;

/** Every value that an expression may have, as far as the code alone tells. */
export function readExpression(checker: ts.TypeChecker, node: ts.Expression, scope: Scope): StaticValue[] {
  const read = (inner: ts.Expression, within: Scope = scope) => readExpression(checker, inner, within);
  const expression = unwrapped(node);
  if (ts.isStringLiteralLike(expression)) return [text(expression.text)];
  if (ts.isNumericLiteral(expression)) return [text(Number(expression.text.replaceAll('_', '')))];
  if (expression.kind === ts.SyntaxKind.TrueKeyword) return [flag(true)];
  if (expression.kind === ts.SyntaxKind.FalseKeyword) return [flag(false)];
  if (ts.isTemplateExpression(expression)) return readTemplate(expression, read, scope);
  if (ts.isConditionalExpression(expression)) {
    const assumed = assumption(checker, expression.condition, scope);
    const branches = [expression.whenTrue, expression.whenFalse];
    const taken = assumed === undefined ? branches : [assumed ? expression.whenTrue : expression.whenFalse];
    return distinct(taken.flatMap((branch) => read(branch)));
  }
  if (ts.isBinaryExpression(expression)) return readBinary(expression, read);
  if (ts.isIdentifier(expression)) return readName(checker, expression, scope);
  if (ts.isPropertyAccessExpression(expression)) {
    return readMember(readerOf(checker), expression.expression, expression.name.text, scope);
  }
  if (ts.isCallExpression(expression) && scope.exact) return readCall(checker, expression, scope);
  return [OPEN];
}

/** The declaration that a condition is, when it is a mere name. */
export function conditionOf(checker: ts.TypeChecker, condition: ts.Expression): ts.Declaration | undefined {
  return ts.isIdentifier(condition) ? declarationOf(checker, condition) : undefined;
}

function assumption(checker: ts.TypeChecker, condition: ts.Expression, scope: Scope): boolean | undefined {
  const declaration = conditionOf(checker, condition);
  return declaration && scope.assumed.get(declaration);
}

/** These readers, for those that they hand on to. */
export function readerOf(checker: ts.TypeChecker): Reader {
  return {
    checker,
    expression: (node, scope) => readExpression(checker, node, scope),
    declaration: (declaration, scope) => readDeclaration(checker, declaration, scope),
  };
}

type Read = (inner: ts.Expression, within?: Scope) => StaticValue[];

function readTemplate(template: ts.TemplateExpression, read: Read, scope: Scope): StaticValue[] {
  const passedOver: Scope['missing'] = new Set();
  let texts = [template.head.text];
  for (const span of template.templateSpans) {
    const values = read(span.expression, scope.exact ? scope : { ...scope, missing: passedOver });
    const parts = values.map((value) => (value.kind === 'text' ? value.text : PLACEHOLDER));
    const told = scope.exact || parts.length === 1 ? parts : [PLACEHOLDER];
    texts = texts.flatMap((start) => told.map((part) => start + part + span.literal.text));
    if (texts.length > MAX_COMBINATIONS) return [OPEN];
  }
  // A part of a sentence may stay open, so its parameters need a look at the calls only when nothing else is said.
  if (!texts.some(saysSomething)) for (const parameter of passedOver) scope.missing.add(parameter);
  return distinct(texts.map(text));
}

function readBinary({ left, operatorToken, right }: ts.BinaryExpression, read: Read): StaticValue[] {
  switch (operatorToken.kind) {
    case ts.SyntaxKind.QuestionQuestionToken:
    case ts.SyntaxKind.BarBarToken:
      return distinct([...read(left).filter(({ kind }) => kind !== 'absent'), ...read(right)]);
    case ts.SyntaxKind.AsteriskToken:
      return readNumbers(left, right, read, (a, b) => a * b);
    case ts.SyntaxKind.SlashToken:
      return readNumbers(left, right, read, (a, b) => a / b);
    case ts.SyntaxKind.AsteriskAsteriskToken:
      return readNumbers(left, right, read, (a, b) => a ** b);
    case ts.SyntaxKind.MinusToken:
      return readNumbers(left, right, read, (a, b) => a - b);
    default:
      return [OPEN];
  }
}

function readNumbers(
  left: ts.Expression,
  right: ts.Expression,
  read: Read,
  compute: (a: number, b: number) => number,
): StaticValue[] {
  const [a, b] = [read(left), read(right)].map(([value, ...more]) =>
    value?.kind === 'text' && more.length === 0 ? Number(value.text) : Number.NaN,
  );
  const result = compute(a ?? Number.NaN, b ?? Number.NaN);
  return [Number.isFinite(result) ? text(result) : OPEN];
}

function readName(checker: ts.TypeChecker, name: ts.Identifier, scope: Scope): StaticValue[] {
  if (name.text === 'undefined') return [ABSENT];
  const declaration = declarationOf(checker, name);
  return declaration === undefined ? [OPEN] : readDeclaration(checker, declaration, scope);
}

/** The value of a constant, of a parameter by its argument, or of a member that was taken out of an object. */
export function readDeclaration(checker: ts.TypeChecker, declaration: ts.Declaration, scope: Scope): StaticValue[] {
  const assumed = scope.assumed.get(declaration);
  if (assumed !== undefined) return [flag(assumed)];
  if (ts.isParameter(declaration)) {
    const argument = scope.bound.get(declaration);
    if (argument === undefined) scope.missing.add(declaration);
    if (argument === undefined || argument === 'open') return [OPEN];
    if (argument !== 'absent') return readExpression(checker, argument, scope);
    return declaration.initializer === undefined ? [ABSENT] : readExpression(checker, declaration.initializer, scope);
  }
  if (ts.isVariableDeclaration(declaration)) {
    const isConstant = (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
    if (!isConstant || declaration.initializer === undefined) return [OPEN];
    return readExpression(checker, declaration.initializer, scope);
  }
  if (ts.isBindingElement(declaration) && ts.isObjectBindingPattern(declaration.parent)) {
    const whole = declaration.parent.parent;
    const member = declaration.propertyName ?? declaration.name;
    if (ts.isVariableDeclaration(whole) && whole.initializer !== undefined && ts.isIdentifier(member)) {
      return readMember(readerOf(checker), whole.initializer, member.text, scope);
    }
  }
  return [OPEN];
}

/** What a function of ours may return, given the arguments of this call. */
function readCall(checker: ts.TypeChecker, call: ts.CallExpression, scope: Scope): StaticValue[] {
  const callee = ts.isIdentifier(call.expression) ? declarationOf(checker, call.expression) : undefined;
  const returned = callee === undefined ? undefined : returnedExpressions(callee);
  if (returned === undefined || returned.length === 0) return [OPEN];
  const inside: Scope = { ...scope, bound: withArguments(scope.bound, returned[0]!.of, call) };
  return distinct(returned.flatMap(({ expression }) => readExpression(checker, expression, inside)));
}
