/** Every default that a schema states is the one that the layer takes. */
import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { cellTable } from '../../../src/parts/layers/recurrent.ts'
import type { ChoiceValue } from '../../../src/language/schema.ts'
import { lowerInitializer } from '../../../src/language/initializers.ts'
import { layerTable } from '../../../src/parts/layers/table.ts'
import { minPooling2dLayer } from '../../../src/parts/layers/minPooling2d.run.ts'

interface Field {
  readonly default?: unknown
  readonly examples?: readonly unknown[]
}
interface Schema {
  readonly properties: Readonly<Record<string, Field>>
  readonly required?: readonly string[]
}

/** Layers whose required options are no plain data. */
const holders = new Set(['input', 'rnn', 'bidirectional', 'timeDistributed'])
const factories = { ...tf.layers, minPooling2d: minPooling2dLayer } as unknown as Record<
  string,
  (options: object) => tf.layers.Layer
>
const schemas: Readonly<Record<string, { readonly schema: unknown }>> = { ...layerTable, ...cellTable }

/** The configuration of a layer that was given nothing but what it must be given. */
function configOf(type: string, { properties, required = [] }: Schema): Readonly<Record<string, unknown>> {
  const options = Object.fromEntries(required.map((option) => [option, properties[option]!.examples![0]]))
  return factories[type]!(options).getConfig() as Record<string, unknown>
}

/** `1` and `[1, 1]` are one default. */
function plain(value: unknown): unknown {
  const flat = [value].flat(2)
  return flat.every((one) => one === flat[0]) ? flat[0] : value
}

function initializerConfig(value: ChoiceValue): unknown {
  const name = lowerInitializer(value).callee.split('.').at(-1)!
  const make = tf.initializers as unknown as Record<string, (options: object) => tf.serialization.Serializable>
  const made = make[name]!({})
  return { className: made.getClassName(), config: made.getConfig() }
}

/** As text; an absent seed is written in two ways. */
function withoutSeed(config: unknown): string {
  return JSON.stringify(config, (key, value: unknown) => (key === 'seed' ? undefined : value))
}

it.each(Object.keys(schemas).filter((type) => !holders.has(type)))('%s', (type) => {
  const schema = schemas[type]!.schema as Schema
  const config = configOf(type, schema)
  for (const [option, { default: stated }] of Object.entries(schema.properties)) {
    if (stated === undefined || !(option in config) || config[option] === undefined) continue
    const actual = config[option]
    if (option.endsWith('Initializer')) {
      expect([option, withoutSeed(actual)]).toEqual([option, withoutSeed(initializerConfig(stated as ChoiceValue))])
    } else expect([option, plain(actual)]).toEqual([option, plain(stated)])
  }
})
