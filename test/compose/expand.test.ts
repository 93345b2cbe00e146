/** What composed specs expand to, and that the plain spec has the same mistakes at the same places. */
import { describe, expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'
import { LineIndex } from '../../src/diagnostics/positions.ts'
import { printExpanded } from '../../src/compose/expandedSpec.ts'

const spec = (text: string) => `name: net\ninput: { shape: [28, 28, 1] }\n${text}`
const expand = (text: string, settings?: readonly string[]) =>
  printExpanded(checkText(spec(text), 'net.yaml', { settings }).source, false)

describe('a spec with variables', () => {
  it.each([
    ['a reference', 'vars: { n: 8 }\nlayers: [{ dense: { units: $n } }]', 'dense: { units: 8 }'],
    ['an expression', 'vars: { n: 8 }\nlayers: [{ dense: { units: $(n * 2) } }]', 'dense: { units: 16 }'],
    ['a whole number as a quotient', 'vars: { n: 8 }\nlayers: [{ dense: { units: $(n / 2) } }]', 'dense: { units: 4 }'],
    ['a list', 'vars: { k: [3, 5] }\nlayers: [{ conv2d: { filters: 8, kernelSize: $k } }]', 'kernelSize: [3, 5]'],
    ['an item', 'vars: { k: 5 }\nlayers: [{ conv2d: { filters: 8, kernelSize: [3, $k] } }]', 'kernelSize: [3, 5]'],
    ['a boolean', 'vars: { b: false }\nlayers: [{ dense: { units: 8, useBias: $b } }]', 'useBias: false'],
    [
      'a section',
      'vars: { o: { sgd: { learningRate: 0.1 } } }\noptimizer: $o\nlayers: [flatten]',
      'optimizer: { sgd: { learningRate: 0.1 } }',
    ],
    ['a layer', 'vars: { norm: batchNormalization }\nlayers: [$norm]', '  - batchNormalization\n'],
    ['variables of variables', 'vars: { a: $b, b: $(c + 1), c: 2 }\nlayers: [{ dense: { units: $a } }]', 'units: 3'],
    [
      'variables inside a variable',
      'vars: { s: [$n, 1], n: 4 }\nlayers: [{ reshape: { targetShape: $s } }]',
      'targetShape: [4, 1]',
    ],
    ['a text with a dollar', 'layers: [{ activation: { activation: $$x } }]', '{ activation: "$$x" }'],
    [
      'notes are free',
      'x-price: $5\nvars: { n: 8 }\nlayers: [{ dense: { units: $n, x-note: $n } }]',
      'units: 8, x-note: "$n"',
    ],
  ])('%s', (_title, text, expected) => {
    expect(expand(text)).toContain(expected)
    expect(expand(text)).not.toContain('vars')
  })

  it('has comments with the lines of its values', () => {
    const text = spec('vars: { o: sgd, n: 8 }\noptimizer: $o\nlayers:\n  - flatten\n  - dense: { units: $n }\n')
    expect(printExpanded(checkText(text, 'net.yaml').source)).toBe(`name: net
input: { shape: [28, 28, 1] }
optimizer: sgd # line 4, from line 3
layers:
  - flatten # line 6
  - dense: { units: 8 } # line 7
`)
  })
})

describe('a setting', () => {
  const text =
    'vars: { n: 8 }\noptimizer: sgd\ntraining: { epochs: 3, batchSize: 16 }\nlayers: [{ dense: { units: $n } }]'
  it.each([
    [['vars.n=16'], 'units: 16'],
    [['vars.n=$(2 * 4)'], 'units: 8'],
    [['training.epochs=5'], 'training: { epochs: 5, batchSize: 16 }'],
    [['training.seed=5'], 'training: { epochs: 3, batchSize: 16, seed: 5 }'],
    [['training={ epochs: 1 }'], 'training: { epochs: 1 }'],
    [['training.epochs=5', 'training.epochs=6'], 'training: { epochs: 6, batchSize: 16 }'],
    [['optimizer.sgd.learningRate=0.5'], 'optimizer: { sgd: { learningRate: 0.5 } }'],
    [['optimizer=adam'], 'optimizer: adam'],
    [['loss=meanSquaredError'], 'loss: meanSquaredError'],
    [['budget.params=100'], 'budget: { params: 100 }'],
    [['name=other'], 'name: other'],
  ])('%s', (settings, expected) => {
    expect(expand(text, settings)).toContain(expected)
  })

  it.each([
    ['vars.m=3', '--set vars.m: the spec has no variable `m`'],
    ['optimizer.adam.learningRate=0.1', '--set optimizer.adam.learningRate: `optimizer` is `sgd`, so it has no `adam`'],
    ['extends=./other.yaml', '--set extends: the parent of a spec cannot be set'],
    ['metrics=!remove', '--set metrics: there is nothing to remove'],
    ['training.epochs', '--set "training.epochs" is not of the form KEY=VALUE'],
    ['training..epochs=3', '--set "training..epochs=3" is not of the form KEY=VALUE'],
    ['training.epochs=[', 'the value of --set training.epochs is not YAML: this [ is not closed'],
  ])('%s is refused', (setting, message) => {
    expect(() => expand(text, [setting])).toThrow(message)
  })

  it.each([
    [['training.epochs=0'], 'schema/out-of-range', 1, '0'],
    [['vars.n=4', 'training.epochs=many'], 'schema/wrong-type', 2, 'many'],
    [['trainin={ epochs: 1 }'], 'schema/unknown-key', 1, 'trainin'],
    [['training.epoch=1'], 'schema/unknown-key', 1, 'training.epoch'],
    [['vars.n=$m'], 'compose/unknown-name', 1, 'm'],
  ])('%s has its mistake in the text of the options', (settings, code, line, marked) => {
    const [first, ...others] = checkText(spec(text), 'net.yaml', { settings }).diagnostics
    expect(others).toEqual([])
    expect(first).toMatchObject({ code, span: { file: '--set' }, fixes: [] })
    const options = settings.join('\n')
    expect(options.slice(first!.span.start, first!.span.end)).toBe(marked)
    expect(new LineIndex(options).position(first!.span.start).line).toBe(line)
  })
})

describe('a mistake', () => {
  it('leads to the variables that its value is computed from', () => {
    const text = spec('vars:\n  a: 14\n  b: $(2 * a)\nlayers:\n  - maxPooling2d: { poolSize: $(b + 1) }\n')
    const [first] = checkText(text, 'net.yaml').diagnostics
    const lines = new LineIndex(text)
    const places = first!.related.map(({ message, span }) => `${lines.position(span.start).line}: ${message}`)
    expect(first!.code).toBe('shape/kernel-exceeds-input')
    expect(places).toEqual(expect.arrayContaining(['5: `b` is 28 here', '4: `a` is 14 here']))
  })

  it('in a value of a variable is fixed there first, or in the reference', () => {
    const text = spec('vars: { p: SAME }\nlayers:\n  - conv2d: { filters: 1, kernelSize: 3, padding: $p }\n')
    const [first] = checkText(text, 'net.yaml').diagnostics
    expect(first!.fixes.map(({ title }) => title)).toEqual([
      'replace `SAME` with `same` as the value of `p`',
      'replace `SAME` with `same` instead of `$p`',
    ])
  })

  it('is found in the plain spec as well', () => {
    const text = spec(
      'vars: { n: 0, k: 40 }\nlayers:\n  - conv2d: { filters: $n, kernelSize: 3 }\n  - conv2d: { filters: 1, kernelSize: $k }\n',
    )
    const analysis = checkText(text, 'net.yaml')
    const plain = checkText(printExpanded(analysis.source), 'plain.yaml')
    expect(plain.diagnostics.map(({ code, path }) => [code, path])).toEqual(
      analysis.diagnostics.map(({ code, path }) => [code, path]),
    )
  })
})

describe('references that double the spec', () => {
  it('are refused before they fill the memory', () => {
    const lines = Array.from({ length: 60 }, (_none, index) => `  a${index + 1}: [$a${index}, $a${index}]\n`)
    const text = spec(`vars:\n  a0: 1\n${lines.join('')}layers: [{ dense: { units: $a60 } }]\n`)
    expect(checkText(text, 'net.yaml').diagnostics.map(({ code }) => code)).toContain('compose/too-large')
  })
})
