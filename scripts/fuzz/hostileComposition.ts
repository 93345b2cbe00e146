/** Draws composed specs that try to make the checker hang, crash or fill the memory, and references in odd places. */
import type { RandomSource } from './randomSource.ts'

/** Draws a text or a part of one. */
type Draw = (random: RandomSource) => string

const spec = (body: string) => `name: hostile\ninput: { shape: [8] }\n${body}\n`
const times = [
  2,
  3,
  1000,
  100_000,
  1_000_000_000,
  '1e12',
  '9e99',
  '.inf',
  '-1',
  '2.5',
  '$n',
  '$(10 ** 9)',
  '$(n * n * n)',
]

/** An expression of many operators, from a few to more than an expression may have. */
const expressions: readonly Draw[] = [
  (random) => '9 ** '.repeat(random.integer(1, 3000)) + '9',
  (random) => `${'('.repeat(random.integer(1, 6000))}1${')'.repeat(random.integer(1, 6000))}`,
  (random) => '1 + '.repeat(random.integer(1, 4000)) + 'n',
  (random) => `${'-'.repeat(random.integer(1, 11_000))}1`,
  (random) => `${'not '.repeat(random.integer(1, 3000))}true`,
  (random) => `${'1 if true else '.repeat(random.integer(1, 1000))}2`,
  (random) => `min(${'n, '.repeat(random.integer(1, 4000))}1)`,
  (random) => `${'max('.repeat(random.integer(1, 2000))}1${')'.repeat(random.integer(1, 2000))}`,
  (random) => `${'n < '.repeat(random.integer(1, 2000))}n`,
  (random) => `"${'a'.repeat(random.integer(1, 20_000))}" == 'b'`,
  (random) => `${'9'.repeat(random.integer(1, 400))} * 1e308`,
  (random) => `n${'e'.repeat(random.integer(1, 11_000))} + 1`,
]

/** Texts that begin as a reference does. */
export const oddReferences: readonly string[] = [
  [
    '$',
    '$$',
    '$$$n',
    '$ n',
    '$n ',
    '$(',
    '$)',
    '$()',
    '$(n',
    '$n)',
    '$((n)',
    '$-n',
    '$1',
    '$n.m',
    '$n[0]',
    '${n}',
    '$[n]',
  ],
  [
    '$é',
    '$\u{1F600}',
    '$\u202En',
    '$\u00A0n',
    '$(n\u2028)',
    '$(\u{1F600})',
    '$n\0',
    '$(é + 1)',
    '$__proto__',
    '$constructor',
  ],
  [
    '$(toString)',
    '$(__proto__ + 1)',
    '$(n + "1")',
    "$('n')",
    '$(n,)',
    '$(,n)',
    '$(min)',
    '$(min())',
    '$(n())',
    '$($n)',
  ],
  [
    '$(n n)',
    '$(n; n)',
    '$(n = 1)',
    '$(n == n)',
    '$(true + 1)',
    '$(-0)',
    '$(0x10)',
    '$(1_000)',
    '$(1e999)',
    '$(.5.)',
    '$(#n)',
  ],
].flat()

/** Lines of a spec with a value in each place, also where a reference is wrong. */
const fields: readonly string[] = [
  'name: VALUE',
  'dataset: VALUE',
  'input: VALUE',
  'input: { shape: VALUE }',
  'input: { shape: [VALUE] }',
  'outputs: VALUE',
  'outputs: [VALUE]',
  'optimizer: VALUE',
  'optimizer: { VALUE: 1 }',
  'optimizer: { sgd: VALUE }',
  'loss: VALUE',
  'metrics: VALUE',
  'metrics: [VALUE]',
  'training: VALUE',
  'training: { epochs: VALUE, schedule: VALUE }',
  'training: { callbacks: [VALUE] }',
  'augment: [VALUE]',
  'normalize: VALUE',
  'ignore: VALUE',
  'ignore: [VALUE]',
  'budget: VALUE',
  'budget: { params: VALUE }',
  'vars: VALUE',
  'vars: [VALUE]',
  'vars: { n: VALUE }',
  'vars: { VALUE: 1 }',
  'blocks: VALUE',
  'blocks: { VALUE: { layers: [flatten] } }',
  'blocks: { a: VALUE }',
  'blocks: { a: { params: VALUE, layers: [flatten] } }',
  'blocks: { a: { inputs: VALUE, layers: VALUE } }',
  'layers: VALUE',
  'layers: [VALUE]',
  'layers: [{ VALUE: { units: 2 } }]',
  'layers: [{ dense: VALUE }]',
  'layers: [{ dense: { units: VALUE, name: VALUE, inputs: VALUE, expect: VALUE, trainable: VALUE, if: VALUE } }]',
  'layers: [{ repeat: VALUE }]',
  'layers: [{ repeat: { times: VALUE, as: VALUE, name: VALUE, inputs: VALUE, layers: VALUE } }]',
  'layers: [{ repeat: { over: VALUE, as: i, layers: [{ dense: { units: $i } }] } }]',
  'layers: [{ a: { inputs: VALUE, VALUE: VALUE } }]',
  'layers: [{ apply: { layer: VALUE, inputs: VALUE } }]',
  'extends: VALUE',
  'abstract: VALUE',
  'override: VALUE',
  'override: { VALUE: VALUE }',
  'override: { reLU: { VALUE: VALUE } }',
  'override: { reLU: !remove }',
  'vars: !remove',
  'sweep: VALUE',
  'sweep: { grid: VALUE, where: VALUE }',
  'sweep: { grid: { VALUE: [VALUE] }, objective: { minimize: VALUE } }',
]

const kinds: readonly Draw[] = [
  (random) => {
    const depth = random.integer(1, 80)
    const open = Array.from({ length: depth }, () => `{ repeat: { times: ${random.pick(times)}, as: i, layers: [`)
    const inner = random.pick(['leakyReLU', '{ reLU: { if: false } }', '', '{ dense: { units: 2 } }', 'a'])
    return spec(`vars: { n: 7 }\nlayers: [${open.join('')}${inner}${'] } }'.repeat(depth)}]`)
  },
  (random) => spec(`vars: { n: 7, m: "$(${random.pick(expressions)(random)})" }\nlayers: [{ dense: { units: $m } }]`),
  (random) => {
    const count = random.integer(1, 300)
    const calls = (index: number) =>
      Array.from({ length: random.integer(1, 3) }, () => `b${(index + random.integer(1, 2)) % count}`)
    const blocks = Array.from(
      { length: count },
      (_none, index) => `  b${index}: { layers: [${calls(index).join(', ')}] }`,
    )
    return spec(`blocks:\n${blocks.join('\n')}\nlayers: [b0]`)
  },
  (random) => {
    const count = random.integer(1, 100)
    const blocks = Array.from({ length: count }, (_none, index) => {
      const inner = index === 0 ? 'reLU' : `b${index - 1}`
      return `  b${index}: { params: { p: 1 }, layers: [${Array.from({ length: random.integer(1, 4) }, () => inner).join(', ')}] }`
    })
    return spec(`blocks:\n${blocks.join('\n')}\nlayers: [{ b${count - 1}: { p: 2 } }]`)
  },
  (random) => {
    const fan = random.integer(1, 9)
    const count = random.integer(1, 60)
    const vars = Array.from({ length: count }, (_none, index) => `  v${index + 1}: [${`$v${index}, `.repeat(fan)}]`)
    return spec(
      `vars:\n  v0: ${random.pick(['1', '[]', '$v1', '{ a: 1 }'])}\n${vars.join('\n')}\nlayers: [{ dense: { units: $v${count} } }]`,
    )
  },
  (random) => {
    const fan = random.integer(2, 9)
    const anchors = Array.from({ length: random.integer(1, 9) }, (_none, index) => {
      const items = Array.from({ length: fan }, () =>
        index === 0 ? 'reLU' : `{ repeat: { times: 1, layers: *l${index - 1} } }`,
      )
      return `x-l${index}: &l${index} [${items.join(', ')}]\n`
    })
    return spec(`${anchors.join('')}layers: *l${anchors.length - 1}`)
  },
  (random) => {
    const lines = Array.from({ length: random.integer(1, 6) }, () => random.pick(fields))
    const value = () => random.pick([...oddReferences, '$n', '$m', '$(n + m)', '$list', '$map', '$layer', '$$n'])
    const written = lines.map((line) => line.replaceAll('VALUE', () => JSON.stringify(value())))
    const head = random.chance(0.8)
      ? 'vars: { n: 3, m: relu, list: [1, 2], map: { sgd: { learningRate: 1 } }, layer: reLU }\n'
      : ''
    const isKept = new Set<string>()
    const unique = written.filter((line) => {
      const key = line.slice(0, line.indexOf(':'))
      return !isKept.has(key) && isKept.add(key) && !(head !== '' && key === 'vars')
    })
    return `${isKept.has('name') ? '' : 'name: hostile\n'}${head}${unique.join('\n')}\n${isKept.has('layers') ? '' : 'layers: [reLU]\n'}`
  },
]

/** Draws one spec: nested repeats, large expressions, blocks and variables that multiply, aliases, or odd references. */
export function drawHostileComposition(random: RandomSource): string {
  return random.pick(kinds)(random)
}
