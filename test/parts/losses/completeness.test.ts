/** Every loss, metric and optimizer that TensorFlow.js knows by name is one of ours, or stands here with the reason. */
import * as tf from '@tensorflow/tfjs'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lossTable } from '../../../src/parts/losses/table.ts'
import { metricTable } from '../../../src/parts/metrics/table.ts'
import { optimizerTable } from '../../../src/parts/optimizers/table.ts'
import * as lossFunctions from '../../../src/backends/generated/losses.ts'
import * as metricFunctions from '../../../src/runtime/training/metrics.ts'

const distribution = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-layers'))

/** The keys of a map in a file of tfjs-layers, which exports it to nobody. */
function keysOf(file: string, map: string): string[] {
  const text = readFileSync(join(distribution, file), 'utf8')
  const [, body = ''] = new RegExp(`export const ${map} = \\{([^}]*)\\}`).exec(text) ?? []
  return body.match(/\w+/g) ?? []
}

const alias = 'an abbreviation: a thing has one name here, the whole one'

/** Names of tf.losses, which are no names of losses in tf.layers. */
const otherNames: Readonly<Record<string, string>> = {
  absoluteDifference: 'meanAbsoluteError',
  computeWeightedLoss: 'no loss: it averages one',
  cosineDistance: '1 + cosineProximity, of vectors of length 1',
  hingeLoss: 'hinge',
  logLoss: 'binaryCrossentropy',
  sigmoidCrossEntropy: 'binaryCrossentropy with fromLogits',
  softmaxCrossEntropy: 'categoricalCrossentropy with fromLogits',
}
const abbreviations: Readonly<Record<string, string>> = {
  mse: alias,
  MSE: alias,
  mae: alias,
  MAE: alias,
  mape: alias,
  MAPE: alias,
  cosine: alias,
}

describe('the table of losses', () => {
  const known = keysOf('losses.js', 'lossesMap')

  it('has every loss of tf.layers', () => {
    expect(known).toHaveLength(14)
    expect(known.filter((name) => !Object.hasOwn(lossTable, name))).toEqual([])
  })

  it('has every loss of tf.losses, or its other name', () => {
    const missing = Object.keys(tf.losses).filter((name) => !Object.hasOwn(lossTable, name))
    expect(missing.toSorted()).toEqual(Object.keys(otherNames).toSorted())
  })

  it('has no other names', () => {
    const strange = Object.keys(lossTable).filter((name) => !known.includes(name) && !Object.hasOwn(tf.losses, name))
    expect(strange).toEqual([])
  })
})

describe('the table of metrics', () => {
  it('has every metric of tf.metrics and of tf.layers, or its whole name', () => {
    const names = new Set([...Object.keys(tf.metrics), ...keysOf('metrics.js', 'metricsMap')])
    const missing = [...names].filter((name) => !Object.hasOwn(metricTable, name))
    expect(missing.toSorted()).toEqual(Object.keys(abbreviations).toSorted())
  })

  it('has every loss', () => {
    expect(Object.keys(lossTable).filter((name) => !Object.hasOwn(metricTable, name))).toEqual([])
  })
})

it('the table of optimizers has those of tf.train, and no others', () => {
  const names = Object.getOwnPropertyNames(tf.train).filter((name) => !['length', 'name', 'prototype'].includes(name))
  expect(Object.keys(optimizerTable).toSorted()).toEqual(names.toSorted())
})

describe('a part', () => {
  const tables = { ...metricTable, ...lossTable }

  it.each(Object.keys(tables))('%s lowers to a function that reports by this name', (name) => {
    const functions: Readonly<Record<string, unknown>> = { ...lossFunctions, ...metricFunctions }
    const { callee, args } = tables[name]!.lower({})
    expect([callee, args]).toEqual([name, []])
    expect((functions[callee] as () => { name: string })().name).toBe(name)
  })

  it.each(Object.entries({ ...tables, ...optimizerTable }))(
    '%s has a description of each field',
    (_name, { schema }) => {
      expect((schema as { description?: string }).description).toMatch(/\.$/)
      for (const field of Object.values(schema.properties as Record<string, Record<string, unknown>>)) {
        expect([typeof field['description'], Array.isArray(field['examples'])]).toEqual(['string', true])
        expect(field['default']).toBeDefined()
      }
    },
  )
})
