import * as fc from 'fast-check'
import { runInThisContext, Script } from 'node:vm'
import { Node, Project, SyntaxKind, ts } from 'ts-morph'
import { describe, expect, it } from 'vitest'
import { createNameScope } from '../../src/program/nameScope.ts'
import { printComment, printExpression, quote } from '../../src/backends/typescript/printExpression.ts'
import { call, express, type Expressible, type Expression } from '../../src/language/expression.ts'

const words = `" ' \` \${process.exit()} */ // \\ __proto__ constructor </script> ');process.exit();(' ../../x é 😀 1e3`
const unseen = '\n \r\n \u2028 \u2029 \ufeff \u202e \ud800 \0'
const hostile = fc.oneof(
  fc.constantFrom(...words.split(' '), ...unseen.split(' ')),
  fc.string({ unit: 'binary' }),
  fc.string(),
)
const text = fc.array(hostile, { maxLength: 4 }).map((parts) => parts.join(''))
const scalar = fc.oneof(text, fc.double(), fc.integer(), fc.boolean(), fc.constant(null))
const { data } = fc.letrec<{ data: Expression }>((tie) => ({
  data: fc.oneof(
    { maxDepth: 4 },
    scalar.map((value): Expression => ({ kind: 'literal', value })),
    fc.array(tie('data'), { maxLength: 4 }).map((items): Expression => ({ kind: 'list', items })),
    fc
      .uniqueArray(fc.tuple(text, tie('data')), { maxLength: 4, selector: ([key]) => key })
      .map((fields): Expression => ({ kind: 'record', fields })),
  ),
}))

/** The data that an expression without calls stands for; records as entries, so that no key is special. */
function meaningOf(expression: Expression): unknown {
  if (expression.kind === 'list') return expression.items.map(meaningOf)
  if (expression.kind === 'record') {
    return { entries: sortEntries(expression.fields.map(([key, value]) => [key, meaningOf(value)])) }
  }
  return expression.kind === 'literal' ? expression.value : undefined
}

function entriesOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(entriesOf)
  if (typeof value !== 'object' || value === null) return value
  return { entries: sortEntries(Object.entries(value).map(([key, item]) => [key, entriesOf(item)])) }
}

function sortEntries(entries: [string, unknown][]): [string, unknown][] {
  return entries.toSorted(([a], [b]) => (a < b ? -1 : 1))
}

const project = new Project({ useInMemoryFileSystem: true, compilerOptions: { noLib: true } })

/** Parses `const value = …` and gives the node on the right; anything else in the file is an escape. */
function parse(code: string): Node {
  const file = project.createSourceFile('x.ts', `const value = ${code}\n`, { overwrite: true })
  expect(file.getStatements()).toHaveLength(1)
  expect((file.compilerNode as unknown as { parseDiagnostics: unknown[] }).parseDiagnostics).toEqual([])
  return file.getVariableDeclarationOrThrow('value').getInitializerOrThrow()
}

function evaluate(code: string): unknown {
  const isScript = !code.includes(' as number[]')
  return runInThisContext(isScript ? `(${code})` : ts.transpile(`(${code})`, { target: ts.ScriptTarget.ES2022 }))
}

const dataKinds = new Set([
  SyntaxKind.StringLiteral,
  SyntaxKind.NumericLiteral,
  SyntaxKind.TrueKeyword,
  SyntaxKind.FalseKeyword,
  SyntaxKind.NullKeyword,
  SyntaxKind.ArrayLiteralExpression,
  SyntaxKind.ObjectLiteralExpression,
  SyntaxKind.PropertyAssignment,
  SyntaxKind.ComputedPropertyName,
  SyntaxKind.PrefixUnaryExpression,
  SyntaxKind.PropertyAccessExpression,
  SyntaxKind.Identifier,
  // `as number[]`
  SyntaxKind.AsExpression,
  SyntaxKind.ArrayType,
])

describe('printExpression', () => {
  it('prints any data as data: parsed and evaluated it is the same, and nothing else is in the text', () => {
    fc.assert(
      fc.property(data, (expression) => {
        const code = printExpression(expression)
        expect(code).not.toMatch(/[\n\r\u2028\u2029]/)
        const strange = parse(code)
          .getDescendants()
          .filter((node) => !dataKinds.has(node.getKind()) && !ts.isTokenKind(node.getKind()))
        expect(
          strange.filter((node) => node.getKind() !== SyntaxKind.SyntaxList).map((node) => node.getText()),
        ).toEqual([])
        expect(entriesOf(evaluate(code))).toEqual(meaningOf(expression))
      }),
      { numRuns: 500 },
    )
  })

  it('prints seeds, references and calls', () => {
    const arg: Expressible = {
      units: 3,
      kernelInitializer: call('tf.initializers.heNormal', { seed: { kind: 'seed', offset: 3 } }),
    }
    expect(printExpression(call('tf.layers.dense', arg))).toBe(
      'tf.layers.dense({ units: 3, kernelInitializer: tf.initializers.heNormal({ seed: seed + 3 }) })',
    )
    expect(printExpression({ kind: 'reference', name: 'folder' })).toBe('folder')
    expect(printExpression(express([-1.5, 1e-7, true, null, {}]))).toBe('[-1.5, 1e-7, true, null, {}]')
  })

  it('casts sizes that may be null', () => {
    const options = { shape: [null, 3], noiseShape: [null, 1], mixed: [null, 'a'] }
    expect(printExpression(express(options))).toBe(
      '{ shape: [null, 3], noiseShape: [null, 1] as number[], mixed: [null, "a"] }',
    )
  })

  it.each(['tf.layers.dense(); x', 'a b', '', '.a', 'tf.', "tf['x']"])('calls no %j', (callee) => {
    expect(() => printExpression(call(callee))).toThrow('there is no function')
  })
})

describe('quote and printComment', () => {
  it('stay on their line', () => {
    fc.assert(
      fc.property(text, (any) => {
        const file = project.createSourceFile('y.ts', `${printComment(any)}\nconst a = ${quote(any)}\n`, {
          overwrite: true,
        })
        expect(file.getStatements()).toHaveLength(1)
        expect(printComment(any)).toMatch(/^\/\/ [^\n\r\u2028\u2029\u202e]*$/)
      }),
      { numRuns: 500 },
    )
  })
})

describe('names', () => {
  it('are valid, distinct and not taken', () => {
    const word = fc.oneof(
      text,
      fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]*$/),
      fc.constantFrom('class', 'a-b', 'aB', 'a_1', 'a'),
    )
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (wanted) => {
        const scope = createNameScope(['a', 'tf'])
        const names = wanted.map((name) => scope.allocate(name))
        expect(new Set([...names, 'a', 'tf']).size).toBe(names.length + 2)
        for (const name of names) expect(() => new Script(`'use strict'; const ${name} = 1`)).not.toThrow()
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    ['conv2d_1', 'conv2d_1'],
    ['feature-map', 'featureMap'],
    ['class', 'class_1'],
    ['x-1', 'x_1'],
  ])('%s → %s', (wanted, name) => {
    expect(createNameScope([]).allocate(wanted)).toBe(name)
  })
})
