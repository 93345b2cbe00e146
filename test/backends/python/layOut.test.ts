/** Lines and literals of Python as `ruff format` has them; wanted texts are its output. */
import { expect, it } from 'vitest'
import { layOut } from '../../../src/backends/python/layOut.ts'
import { printLiteral, printPythonComment, quotePython, snakeCase } from '../../../src/backends/python/printLiteral.ts'
import { createPythonNames } from '../../../src/backends/python/pythonNames.ts'

const a = 'a'.repeat(40)
const b = 'b'.repeat(40)
const c = 'c'.repeat(40)

it.each([
  ['x = 1', 'x = 1'],
  [
    `    x = call(${a}, ${b}, ${c})`,
    `    x = call(\n        ${a}, ${b}, ${c}\n    )`.replace(`${a}, ${b}, ${c}`, `${a},\n        ${b},\n        ${c},`),
  ],
  [
    `x = call(one=${a}, two=${b}, three=3333333)(x)  # 7x7`,
    `x = call(one=${a}, two=${b}, three=3333333)(\n    x\n)  # 7x7`,
  ],
  [
    `x = call(one=${a}, two=${b}, number=12345678901)(x)  # 7x7`,
    `x = call(\n    one=${a}, two=${b}, number=12345678901\n)(x)  # 7x7`,
  ],
  [`x = call("${a}")([${b}, ${c}, dddddddddd])`, `x = call("${a}")(\n    [${b}, ${c}, dddddddddd]\n)`],
  [`NAMES = ["${a}", "${b}", "${c}"]`, `NAMES = [\n    "${a}",\n    "${b}",\n    "${c}",\n]`],
  [
    `x = list(call(${a}, one=one, two=two) for one, two in zip(${b}, ${c}))`,
    `x = list(\n    call(${a}, one=one, two=two)\n    for one, two in zip(${b}, ${c})\n)`,
  ],
  [
    `def call(one: ${a}, two: ${b}) -> tuple[int, ${'d'.repeat(20)}]:`,
    `def call(\n    one: ${a}, two: ${b}\n) -> tuple[int, ${'d'.repeat(20)}]:`,
  ],
])('lays out %s', (given, wanted) => expect(layOut(given)).toBe(wanted))

it.each([
  ['plain', '"plain"'],
  ['say "yes"', `'say "yes"'`],
  [`it's "so"`, `'it\\'s "so"'`],
  ["it's", `"it's"`],
  ['back\\slash\nline', '"back\\\\slash\\nline"'],
  ['\u202eright', '"\\u202eright"'],
  ['\u{e0001}tag', '"\\U000e0001tag"'],
])('quotes %j', (given, wanted) => expect(quotePython(given)).toBe(wanted))

it.each([
  [[1, 2], '(1, 2)'],
  [[3], '(3,)'],
  [
    [
      [1, 2],
      [null, 4],
    ],
    '((1, 2), (None, 4))',
  ],
  [['a', 1], '["a", 1]'],
  [[], '[]'],
  [{ a: true, b: undefined }, '{"a": True}'],
  [1e-7, '1e-7'],
  [Number.POSITIVE_INFINITY, 'float("inf")'],
])('prints %j', (given, wanted) => expect(printLiteral(given)).toBe(wanted))

it('keeps a comment in its line', () => expect(printPythonComment('a\nimport os')).toBe('# a\\u000aimport os'))

it.each([
  ['kernelSize', 'kernel_size'],
  ['reLU', 're_lu'],
  ['readCifar10', 'read_cifar10'],
])('%s in snake case', (given, wanted) => expect(snakeCase(given)).toBe(wanted))

it('chooses free names that are no words of Python', () => {
  const names = createPythonNames(['x'])
  expect(['residual/0/conv', 'x', 'class', 'Input', '1st', '—'].map((name) => names.allocate(name))).toEqual([
    'residual_0_conv',
    'x_1',
    'class_1',
    'input_1',
    '_1st',
    'layer',
  ])
})
