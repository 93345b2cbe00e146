/** What specs that extend others expand to, and where their mistakes are reported. */
import { describe, expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'
import { check, prepareHost } from '../../src/check.ts'
import { FileLines } from '../../src/diagnostics/positions.ts'
import { printExpanded } from '../../src/compose/expandedSpec.ts'
import { filesHost, type Files } from './filesHost.ts'

const base = `name: base
dataset: mnist
vars: { width: 16, act: relu }
blocks:
  unit:
    params: { filters: $width }
    layers:
      - conv2d: { filters: $filters, kernelSize: 3, activation: $act }
      - maxPooling2d
layers:
  - unit
  - flatten
  - dense: { name: head, units: 10, activation: softmax, kernelRegularizer: { l2: { l2: 0.1 } } }
optimizer: { momentum: { learningRate: 0.1, momentum: 0.9 } }
loss: categoricalCrossentropy
metrics: [accuracy]
training: { epochs: 5, batchSize: 32, seed: 1 }
`

const withBase = (spec: string, more: Files = {}): Files => ({
  'spec.yaml': `extends: ./base.yaml\nname: child\n${spec}`,
  'base.yaml': base,
  ...more,
})

const analyze = (files: Files, settings: readonly string[] = []) =>
  checkText(files['spec.yaml']!, 'spec.yaml', { host: filesHost(files), settings })

const expand = (files: Files, settings?: readonly string[]) => printExpanded(analyze(files, settings).source, false)

describe('a spec that extends another', () => {
  it.each<[title: string, spec: string, wanted: string]>([
    ['has its own name', '', 'name: child\ndataset: mnist'],
    ['replaces a variable', 'vars: { width: 64 }', 'conv2d: { name: unit/conv2d, filters: 64'],
    ['keeps the other variables', 'vars: { width: 64 }', 'activation: relu'],
    ['merges a map', 'training: { epochs: 9 }', 'training: { epochs: 9, batchSize: 32, seed: 1 }'],
    ['removes a key', 'training: { seed: !remove }', 'training: { epochs: 5, batchSize: 32 }'],
    ['replaces a list', 'metrics: []', 'metrics: []'],
    ['replaces a list of layers', 'layers: [flatten]', 'layers:\n  - flatten\noptimizer'],
    [
      'merges a choice of the same type',
      'optimizer: { momentum: { learningRate: 0.5 } }',
      'optimizer: { momentum: { learningRate: 0.5, momentum: 0.9 } }',
    ],
    ['replaces a choice of another type', 'optimizer: { adam: { beta1: 0.8 } }', 'optimizer: { adam: { beta1: 0.8 } }'],
    ['replaces a choice by a word', 'optimizer: adam', 'optimizer: adam\n'],
    [
      'keeps the options of a choice by its word',
      'optimizer: momentum',
      'momentum: { learningRate: 0.1, momentum: 0.9 }',
    ],
    ['keeps them if they are null', 'optimizer: { momentum: }', 'momentum: { learningRate: 0.1, momentum: 0.9 }'],
    ['replaces a dataset', 'dataset: fashionMnist', 'dataset: fashionMnist'],
    ['replaces a loss', 'loss: { huberLoss: { delta: 2 } }', 'loss: { huberLoss: { delta: 2 } }'],
    [
      'replaces a block whole',
      'blocks: { unit: { layers: [leakyReLU] } }',
      'layers:\n  - leakyReLU: { name: unit }\n  - flatten',
    ],
    ['overrides an option', 'override: { head: { units: 20 } }', 'name: head, units: 20'],
    ['overrides by an expression', 'override: { head: { units: $(width * 2) } }', 'name: head, units: 32'],
    ['overrides a layer of a call', 'override: { unit/conv2d: { kernelSize: 5 } }', 'kernelSize: 5'],
    [
      'overrides the last layer of a call',
      'override: { unit: { poolSize: 3 } }',
      'maxPooling2d: { name: unit, poolSize: 3',
    ],
    [
      'overrides by an automatic name that is the only one',
      'override: { flatten: { trainable: false } }',
      'flatten: { trainable: false }',
    ],
    [
      'replaces a choice in an option',
      'override: { head: { kernelRegularizer: { l1: { l1: 0.2 } } } }',
      'kernelRegularizer: { l1: { l1: 0.2 } }',
    ],
    [
      'merges a choice in an option',
      'override: { head: { kernelRegularizer: { l2: } } }',
      'kernelRegularizer: { l2: { l2: 0.1 } }',
    ],
    ['removes an option', 'override: { head: { kernelRegularizer: !remove } }', 'units: 10, activation: softmax }'],
  ])('%s', (_title, spec, wanted) => {
    const files = withBase(spec)
    expect(expand(files)).toContain(wanted)
    expect(analyze(files).diagnostics.filter(({ code }) => /^(source|compose|schema)/.test(code))).toEqual([])
  })

  it('does not inherit the name', () => {
    const { diagnostics } = analyze({ 'spec.yaml': 'extends: base.yaml', 'base.yaml': base })
    expect(diagnostics.map(({ code, message }) => [code, message])).toEqual([
      ['schema/missing-key', 'a spec requires `name`'],
    ])
  })

  it.each([
    [[], 'epochs: 4', 'units: 10'],
    [['training.epochs=7', 'layers.head.units=30'], 'epochs: 7', 'units: 30'],
    [['layers.head={ units: 40 }'], 'epochs: 4', 'units: 40'],
    [['layers.head.units=30', 'layers.head.units=31'], 'epochs: 4', 'units: 31'],
    [['training=!remove'], 'metrics', 'units: 10'],
  ])('with the settings %j', (settings, ...wanted) => {
    const files = withBase('override: { head: { units: 10 } }\ntraining: { epochs: 4 }')
    for (const one of wanted) expect(expand(files, settings)).toContain(one)
  })

  it('takes values of the nearest file first', () => {
    const files = {
      'spec.yaml': 'extends: a/one.yaml\nname: spec\nvars: { c: 3 }\n',
      'a/one.yaml': 'extends: ../b/two.yaml\nvars: { b: 2, c: 2 }\noverride: { head: { units: $c } }\n',
      'b/two.yaml':
        'name: two\nvars: { a: 1, b: 1, c: 1 }\ninput: { shape: [4] }\noverride: { head: { activation: relu } }\nlayers: [{ dense: { name: head, units: $a } }]\nx-sum: note\n',
    }
    expect(expand(files)).toBe(
      'name: spec\ninput: { shape: [4] }\nlayers:\n  - dense: { name: head, units: 3, activation: relu }\nx-sum: note\n',
    )
  })

  it('checks with a --set of a variable that a parent with a mistake defines', () => {
    const files = {
      'spec.yaml': 'extends: ./parent.yaml\nname: child\n',
      'parent.yaml': 'input: { shape: [3] }\nvars: { kind: relu }\nlayers:\n  - dense: { units: "${kind}" }\n',
    }
    const { diagnostics } = analyze(files, ['vars.kind=tanh'])
    expect(diagnostics.map(({ code, span }) => [code, span.file])).toEqual([['compose/bad-reference', 'parent.yaml']])
  })

  it('has the paths of datasets relative to the file where they are written', () => {
    const csv = 'data,label\n1,a\n2,b\n'
    const parent = (path: string) =>
      `vars: { p: data/x.csv }\ndataset: { csv: { path: ${path}, label: label } }\nlayers: [{ dense: { units: 2 } }]\n`
    const files = (path: string, more = '') => ({
      'here/spec.yaml': `extends: ../shared/base.yaml\nname: child\n${more}`,
      'shared/base.yaml': parent(path),
      'shared/data/x.csv': csv,
      'here/data/x.csv': csv,
    })
    const pathOf = (given: Files) => {
      const { spec, source } = checkText(given['here/spec.yaml']!, 'here/spec.yaml', { host: filesHost(given) })
      const again = checkText(printExpanded(source, false), 'here/spec.yaml', { host: filesHost(given) })
      expect(again.spec.dataset).toEqual(spec.dataset)
      return spec.dataset!.options['path']
    }
    expect(pathOf(files('data/x.csv'))).toBe('shared/data/x.csv')
    expect(pathOf(files('$p'))).toBe('shared/data/x.csv')
    expect(pathOf(files('data/x.csv', 'dataset: { csv: { path: data/x.csv } }'))).toBe('here/data/x.csv')
    expect(pathOf(files('$p', 'vars: { p: data/x.csv }'))).toBe('here/data/x.csv')
  })
})

describe('the weights of a spec', () => {
  it.each([
    ['weights: { from: runs/a }', '', 'shared/runs/a'],
    ['weights: { from: $p }', '', 'shared/runs/b'],
    ['weights: { from: runs/a }', 'weights: { from: runs/c }', 'here/runs/c'],
    ['weights: { from: runs/a, except: head }', 'weights: { except: other }', 'shared/runs/a'],
    ['weights: { from: /runs/a }', '', '/runs/a'],
  ])('%s, extended by %s, are in %s', (parent, child, from) => {
    const files = {
      'here/spec.yaml': `extends: ../shared/base.yaml\nname: child\n${child}`,
      'shared/base.yaml': `vars: { p: runs/b }\ninput: { shape: [2] }\nlayers: [{ dense: { units: 2 } }]\n${parent}\n`,
    }
    const { spec, source } = checkText(files['here/spec.yaml'], 'here/spec.yaml', { host: filesHost(files) })
    expect(spec.weights?.from).toBe(from)
    const again = checkText(printExpanded(source, false), 'here/spec.yaml', { host: filesHost(files) })
    expect(again.spec.weights).toEqual(spec.weights)
  })
})

describe('an abstract spec', () => {
  it.each([
    ['without layers', 'abstract: true\ndataset: mnist\noptimizer: adam\nloss: categoricalCrossentropy', []],
    ['without an input', 'abstract: true\nname: x\nlayers: [flatten]', []],
    ['with unknown variables', 'abstract: true\noptimizer: { sgd: { learningRate: $rate } }', []],
    ['with outputs of unknown layers', 'abstract: true\noutputs: [a, b]\nlossWeights: { a: 2 }', []],
    ['with a mistake', 'abstract: true\noptimizer: { sgd: { rate: 0.1 } }', ['schema/unknown-key']],
    [
      'with a shape that does not fit',
      'abstract: true\ndataset: mnist\nlayers: [{ conv2d: { filters: 2, kernelSize: 40 } }]',
      ['shape/kernel-exceeds-input'],
    ],
    ['with a wrong value', 'abstract: maybe\ndataset: mnist', ['schema/wrong-type']],
  ])('%s', (_title, text, codes) => {
    const { diagnostics, source } = checkText(text, 'spec.yaml')
    expect(diagnostics.map(({ code }) => code)).toEqual(codes)
    const known = source.unknown.every((path) => path.length === 1)
    if (known)
      expect(checkText(printExpanded(source), 'spec.yaml').diagnostics.map(({ code }) => code)).toEqual(
        codes.filter((code) => code !== 'schema/wrong-type'),
      )
  })
})

describe('a mistake', () => {
  const placesOf = (files: Files) => {
    const { diagnostics, source } = analyze(files)
    const lines = new FileLines(source.file, source.text, source.otherTexts)
    const placeOf = (span: Parameters<typeof lines.range>[0]) => `${lines.fileOf(span)}:${lines.range(span).start.line}`
    return diagnostics.map(({ code, span, related }) => [
      code,
      placeOf(span),
      ...related.map((one) => placeOf(one.span)),
    ])
  }

  it('in a parent is reported there, with the chain of files', () => {
    expect(
      placesOf(
        withBase('', { 'base.yaml': 'extends: other/top.yaml', 'other/top.yaml': base.replace('epochs', 'epoch') }),
      ),
    ).toEqual([['schema/unknown-key', 'other/top.yaml:17', 'base.yaml:1', 'spec.yaml:1']])
  })

  it('of a value of the spec in a parent names the value', () => {
    const files = withBase('vars: { width: 0 }')
    expect(placesOf(files)[0]).toEqual([
      'schema/out-of-range',
      'base.yaml:8',
      'base.yaml:6',
      'spec.yaml:3',
      'base.yaml:11',
      'spec.yaml:1',
    ])
  })

  it('in the text of a parent is reported there', () => {
    expect(placesOf(withBase('', { 'base.yaml': 'layers: [flatten' }))).toEqual([
      ['source/syntax', 'base.yaml:1', 'spec.yaml:1'],
    ])
  })

  it('is reported once for each file, though it is at the same offset', () => {
    const files = {
      'spec.yaml': 'extends: one.yaml\nname: spec\ntraining: { epochs: 0 }\n',
      'one.yaml':
        'input: { shape: [4] }\nlayers: [reLU]\noptimizer: { sgd: { learningRate: -1 } }\nbudget: { params: 3, parms: 3 }\n',
    }
    expect(placesOf(files).map(([code, place]) => `${code} ${place}`)).toEqual([
      'schema/out-of-range spec.yaml:3',
      'schema/out-of-range one.yaml:3',
      'schema/unknown-key one.yaml:4',
    ])
  })

  it('in a parent has a fix in the parent', () => {
    const [first] = analyze(withBase('', { 'base.yaml': base.replace('epochs', 'epoch') })).diagnostics
    expect(first!.fixes.map(({ edits }) => edits.map(({ span, newText }) => [span.file, newText]))).toEqual([
      [['base.yaml', 'epochs']],
    ])
  })
})

describe('without files', () => {
  it('says that the parent could not be checked, and nothing else', () => {
    const { diagnostics } = check('extends: base.yaml\nname: x\noutputs: [a]\noverride: { b: { units: 3 } }\n')
    expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([['compose/bad-parent', 'warning']])
  })

  it('in a browser, the parents are read ahead', async () => {
    const files = withBase('', { 'base.yaml': 'extends: top.yaml', 'top.yaml': base })
    const memory = filesHost(files)
    const host = await prepareHost(files['spec.yaml']!, {
      size: async (path) => await Promise.resolve(memory.size(path)),
      list: async (path) => await Promise.resolve([...(memory.list(path) ?? [])]),
      read: async (path, start, length) => await Promise.resolve(memory.read(path, { start, length })),
    })
    const { diagnostics, layers } = check(files['spec.yaml']!, { host })
    expect(diagnostics).toEqual([])
    expect(layers.map(({ name }) => name)).toEqual(['input', 'unit/conv2d', 'unit', 'flatten', 'head'])
  })
})
