/** Every part of the language has a form in scripts for Keras, or a stated reason why it has none. */
import { describe, expect, it } from 'vitest'
import { checkText } from '../../../src/analyze.ts'
import { kerasCallbacks } from '../../../src/backends/keras/kerasCallbacks.ts'
import { kerasForms } from '../../../src/backends/keras/kerasLayers.ts'
import { kerasLosses } from '../../../src/backends/keras/kerasLosses.ts'
import { kerasMetric } from '../../../src/backends/keras/kerasMetrics.ts'
import { kerasOptimizers } from '../../../src/backends/keras/kerasOptimizers.ts'
import { snakeCase } from '../../../src/backends/python/printLiteral.ts'
import { namesIn, readLibrary } from '../../../src/backends/python/pythonLibrary.ts'
import { calledNames } from '../../../src/backends/typescript/expressionsIn.ts'
import { exampleOf, lookUp, resolveOptions, type PartDef } from '../../../src/language/schema.ts'
import { augmentationTable } from '../../../src/parts/augmentations/table.ts'
import { callbackTable } from '../../../src/parts/callbacks/table.ts'
import { datasetTable } from '../../../src/parts/datasets/table.ts'
import { layerTable } from '../../../src/parts/layers/table.ts'
import { lossTable } from '../../../src/parts/losses/table.ts'
import { metricTable } from '../../../src/parts/metrics/table.ts'
import { optimizerTable } from '../../../src/parts/optimizers/table.ts'
import { scheduleTable } from '../../../src/parts/schedules/table.ts'
import { programOf } from '../../../src/compile.ts'
import { withTargetProblems } from '../../../src/tasks/checkTarget.ts'

const shared = readLibrary(['python'])

/** What each kind of part has forms in. */
const kinds: readonly (readonly [kind: string, table: object, hasForm: (type: string) => boolean])[] = [
  ['layer', layerTable, (type) => Object.hasOwn(kerasForms, type)],
  ['loss', lossTable, (type) => Object.hasOwn(kerasLosses, type)],
  ['metric', metricTable, (type) => kerasMetric(type, {}) !== undefined],
  ['optimizer', optimizerTable, (type) => Object.hasOwn(kerasOptimizers, type)],
  ['callback', callbackTable, (type) => Object.hasOwn(kerasCallbacks, type)],
  ['schedule', scheduleTable, (type) => shared.has(`${snakeCase(type)}_schedule`)],
  ['augmentation', augmentationTable, (type) => shared.has(snakeCase(type))],
]

describe.each(kinds)('each %s', (_kind, table, hasForm) => {
  it.each(Object.keys(table))('%s has a form', (type) => expect(hasForm(type)).toBe(true))
})

describe('each dataset', () => {
  const facts = { sampleShape: [8, 8, 3], classes: 2, classNames: ['no', 'yes'], columns: [labelColumn()] }

  it.each(Object.entries(datasetTable))('%s has a reader', (type, definition) => {
    const { schema, script } = lookUp(datasetTable, type)
    const options = resolveOptions(schema, (definition as PartDef).example ?? exampleOf(schema))
    const call = script!(options, facts)!
    const readers = calledNames(call).filter((name) => name !== 'findUp')
    expect(readers.filter((name) => !shared.has(snakeCase(name)))).toEqual([])
  })
})

function labelColumn() {
  return { name: 'kind', isLabel: true, type: 'oneHot', isStated: false, values: ['no', 'yes'], inputs: 0 } as const
}

describe('the library', () => {
  it.each([
    ['x = f"{read_idx(path)} of {{no}}"', ['x', 'read_idx', 'path']],
    ['x = "read_idx"  # read_npz', ['x']],
    ['a.read_npz(b)', ['a', 'b']],
  ])('names in %s', (code, names) => expect([...namesIn(code)]).toEqual(names))
})

describe('check --target keras', () => {
  const head = 'name: net\ndataset: { synthetic: { shape: [6], classes: 4 } }\n'
  const tail =
    'layers: [{ dense: { units: 4, activation: softmax } }]\noptimizer: adam\nloss: categoricalCrossentropy\n'
  it.each([
    ['training: { gradientAccumulation: 4 }', undefined],
    ['training: { clipNorm: 1, clipValue: 0.5 }', undefined],
    [
      'training: { epochs: 9, schedule: cosine, callbacks: [{ reduceOnPlateau: { monitor: loss, patience: 2 } }] }',
      undefined,
    ],
    ["learningRates: { '*': 0.5 }", undefined],
    ['weights: { from: runs/none }\nignore: [weights/not-found]', 'runs/none'],
  ])('%s', async (sections, place) => {
    const text = `${head}${tail}${sections}\n`
    const { diagnostics } = await withTargetProblems(checkText(text, 'net.yaml'), 'keras')
    const found = diagnostics.filter(({ code }) => code === 'target/no-form')
    expect(found.map(({ span }) => text.slice(span.start, span.end))).toEqual(place === undefined ? [] : [place])
    expect(programOf(checkText(text, 'net.yaml')).layers.length).toBeGreaterThan(1)
  })
})
