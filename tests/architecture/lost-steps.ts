import ts from 'typescript';

/** The calls of steps in these files whose result nobody runs, as `file:line: text`; files are named from one of `places`
 *  on, and others are passed over. Neither tsc nor oxlint finds them: a step is a generator, and one that is not run does
 *  nothing. A step may be run by `yield*`, handed to whoever asks for one, or handed on by a function that says that it
 *  returns one. */
export function findLostSteps(files: readonly string[], places: readonly string[]): readonly string[] {
  const { options } = ts.convertCompilerOptionsFromJson(
    ts.readConfigFile('tsconfig.json', ts.sys.readFile).config.compilerOptions,
    process.cwd(),
  );
  // Steps need none of Node's types, which take as long to read as all the rest.
  const program = ts.createProgram(files, { ...options, types: [] });
  const checker = program.getTypeChecker();
  const lost: string[] = [];
  for (const source of program.getSourceFiles()) {
    const place = places.find((name) => source.fileName.includes(name));
    if (place === undefined) continue;
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && givesStep(node.expression, checker) && !isTaken(node, checker)) {
        const { line } = source.getLineAndCharacterOfPosition(node.getStart());
        lost.push(`${source.fileName.slice(source.fileName.indexOf(place))}:${line + 1}: ${node.expression.getText()}`);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return lost;
}

/** Steps are called by their names. */
function givesStep(called: ts.Expression, checker: ts.TypeChecker): boolean {
  if (!ts.isIdentifier(called)) return false;
  return checker
    .getTypeAtLocation(called)
    .getCallSignatures()
    .some((signature) => isStep(signature.getReturnType()));
}

function isStep(type: ts.Type): boolean {
  return type.symbol?.name === 'Generator';
}

function isTaken(call: ts.CallExpression, checker: ts.TypeChecker): boolean {
  let node: ts.Node = call;
  while (ts.isParenthesizedExpression(node.parent) || isBranch(node)) node = node.parent;
  const { parent } = node;
  if (ts.isYieldExpression(parent)) return parent.asteriskToken !== undefined;
  if (ts.isCallExpression(parent) && node !== parent.expression) {
    const expected = findParameterType(parent, node, checker);
    return expected !== undefined && isStep(expected);
  }
  const giver = ts.isReturnStatement(parent) ? findFunction(parent) : ts.isArrowFunction(parent) ? parent : undefined;
  return giver !== undefined && mayGive(giver, checker);
}

function isBranch({ parent }: ts.Node): boolean {
  return ts.isConditionalExpression(parent);
}

function findFunction(node: ts.Node): ts.SignatureDeclaration | undefined {
  return ts.findAncestor(node, ts.isFunctionLike);
}

/** A function that is itself no generator, and of which a step is expected: by what is written at it, or by whoever it is
 *  handed to. Who takes whatever comes, as `map` does, expects none. */
function mayGive(giver: ts.SignatureDeclaration, checker: ts.TypeChecker): boolean {
  if ('asteriskToken' in giver && giver.asteriskToken !== undefined) return false;
  if (giver.type !== undefined) return isStep(checker.getTypeFromTypeNode(giver.type));
  if (!ts.isArrowFunction(giver) && !ts.isFunctionExpression(giver)) return false;
  const expected = ts.isCallExpression(giver.parent)
    ? findParameterType(giver.parent, giver, checker)
    : checker.getContextualType(giver);
  return (expected?.getCallSignatures() ?? []).some((signature) => isStep(signature.getReturnType()));
}

/** As it is declared, with its type parameters open. */
function findParameterType(call: ts.CallExpression, argument: ts.Node, checker: ts.TypeChecker) {
  const declared = checker.getResolvedSignature(call)?.getDeclaration().parameters[
    call.arguments.findIndex((one) => one === argument)
  ];
  return declared?.type === undefined ? undefined : checker.getTypeFromTypeNode(declared.type);
}
