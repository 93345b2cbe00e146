/** What a misspelt or foreign word was meant to be. */
import { describe, expect, it } from 'vitest'
import { didYouMean, foldSpelling, listWords } from '../../src/diagnostics/didYouMean.ts'
import type { PartDef } from '../../src/language/schema.ts'
import { augmentationTable } from '../../src/parts/augmentations/table.ts'
import { callbackTable } from '../../src/parts/callbacks/table.ts'
import { datasetTable } from '../../src/parts/datasets/table.ts'
import { layerTable } from '../../src/parts/layers/table.ts'
import { lossTable } from '../../src/parts/losses/table.ts'
import { optimizerTable } from '../../src/parts/optimizers/table.ts'
import { scheduleTable } from '../../src/parts/schedules/table.ts'
import { foreignWords } from '../../src/validation/foreignWords.ts'
import { suggestWord } from '../../src/validation/suggestWord.ts'

const conv = ['filters', 'kernelSize', 'strides', 'padding', 'dataFormat', 'dilationRate', 'activation', 'useBias']
const layers = ['conv2d', 'maxPooling2d', 'averagePooling2d', 'dense', 'flatten', 'dropout', 'batchNormalization']

describe('didYouMean', () => {
  it.each([
    // the same word in another spelling
    ['kernel_size', conv, 'kernelSize'],
    ['kernel-size', conv, 'kernelSize'],
    ['KernelSize', conv, 'kernelSize'],
    ['Conv2D', layers, 'conv2d'],
    ['max_pooling_2d', layers, 'maxPooling2d'],
    [' same ', ['valid', 'same'], 'same'],
    // another library's word
    ['stride', conv, 'strides'],
    ['out_channels', conv, 'filters'],
    ['bias', conv, 'useBias'],
    ['nn.Linear', layers, 'dense'],
    ['MaxPool2d', layers, 'maxPooling2d'],
    ['BatchNorm2d', layers, 'batchNormalization'],
    // slips
    ['kernalSize', conv, 'kernelSize'],
    ['actvation', conv, 'activation'],
    ['filetrs', conv, 'filters'],
    ['dnese', layers, 'dense'],
    ['relü', ['relu', 'elu'], 'relu'],
    // not meant
    ['groups', conv, undefined],
    ['xyzzy', layers, undefined],
    ['', conv, undefined],
    [' ', [',', ';'], undefined],
    ['x', [',', ';'], undefined],
    ['🙂', layers, undefined],
    ['lr', conv, undefined],
    ['__proto__', layers, undefined],
    ['constructor', conv, undefined],
    ['k'.repeat(1000), conv, undefined],
    ['kernelSize', [], undefined],
  ])('%s', (word, candidates, meant) => {
    expect(didYouMean(word, candidates, foreignWords())).toBe(meant)
  })

  it('offers the name for an alias only where it is allowed', () => {
    expect(didYouMean('rate', ['learningRate', 'momentum'], foreignWords())).toBe('learningRate')
    expect(didYouMean('rate', ['filters'], foreignWords())).toBeUndefined()
  })
})

describe('foreignWords', () => {
  it('has folded words as keys, because others are never found', () => {
    expect(Object.keys(foreignWords()).filter((word) => foldSpelling(word) !== word)).toEqual([])
  })

  it('has no alias that differs only in spelling from its name', () => {
    const needless = Object.entries(foreignWords()).filter(([word, meant]) =>
      meant.some((one) => word === foldSpelling(one)),
    )
    expect(needless).toEqual([])
  })
})

describe.each([
  ['layer', layerTable],
  ['loss', lossTable],
  ['optimizer', optimizerTable],
  ['schedule', scheduleTable],
  ['augmentation', augmentationTable],
  ['callback', callbackTable],
  ['dataset', datasetTable],
])('the aliases of a %s', (_kind, table: Readonly<Record<string, PartDef>>) => {
  const named = Object.entries(table).flatMap(([part, { aliases: { same = [], near = [] } = {} }]) => [
    ...same.map((word) => [word, part, 'rewrite'] as const),
    ...near.map((word) => [word, part, 'suggestion'] as const),
  ])
  it.each(named)('%s is %s by a %s', (word, part, kind) => {
    expect(suggestWord(word, Object.keys(table))).toMatchObject({ word: part, kind })
  })
})

describe('suggestWord', () => {
  it('lists the known words if none is similar', () => {
    expect(suggestWord('xyzzy', ['a', 'b'])).toMatchObject({ word: undefined, help: 'expected `a` or `b`' })
    expect(suggestWord('xyzzy', [])).toMatchObject({ word: undefined, help: 'no keys are allowed here' })
  })

  it('shows at most a dozen of many', () => {
    const many = Array.from({ length: 30 }, (_, index) => `candidate${index}`)
    expect(suggestWord('xyzzy', many).help).toContain('`candidate11`, …')
    expect(suggestWord('xyzzy', many).help).not.toContain('candidate12')
  })
})

describe('listWords', () => {
  it.each([
    [[], ''],
    [['a'], '`a`'],
    [['a', 'b'], '`a` or `b`'],
    [['a', 'b', 'c'], '`a`, `b` or `c`'],
  ])('%j', (words, text) => expect(listWords(words)).toBe(text))
})
