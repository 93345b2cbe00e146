/**
 * Every factory of the installed tf.layers is a layer type, and every option of its arguments an option, or stands here
 * with the reason why not.
 */
import * as tf from '@tensorflow/tfjs'
import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Project, type InterfaceDeclaration } from 'ts-morph'
import { describe, expect, it } from 'vitest'
import { cellTable } from '../../../src/parts/layers/recurrent.ts'
import { commonFields } from '../../../src/validation/schema.ts'
import { layerTable } from '../../../src/parts/layers/table.ts'

const pooling = 'an alias: a thing has one name here, the longer one'

/** Factories that are no layer types, and why. */
const leftOut: Readonly<Record<string, string>> = {
  Layer: 'the base class',
  RNN: 'a base class',
  RNNCell: 'a base class',
  inputLayer: 'what `input` makes',
  avgPool1d: pooling,
  avgPool2d: pooling,
  avgPool3d: pooling,
  avgPooling1d: pooling,
  avgPooling2d: pooling,
  avgPooling3d: pooling,
  maxPool1d: pooling,
  maxPool2d: pooling,
  globalMaxPool1d: pooling,
  globalMaxPool2d: pooling,
  stackedRNNCells: 'a list of cells, `cell: [ … ]` of `rnn`',
  convLstm2dCell: 'only convLstm2d can run it: `rnn` takes vectors',
}

/** Types of ours that tf.layers has not. */
const ours: ReadonlySet<string> = new Set(['minPooling2d'])

const several =
  'a layer of a spec has one output, and an RNN layer takes no initial state; `check` says so (absentOptions.ts)'
const legacy = 'an older word for inputShape, which an `input` layer states'
const test = 'a hook for the tests of tf.layers'

/** Options that the argument interfaces have and we have not, by factory (`*` for all), and why. */
const optionsLeftOut: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '*': {
    inputDim: legacy,
    inputLength: legacy,
    dropoutFunc: test,
    returnState: several,
    cell: 'set by the factory itself',
  },
  maxPooling1d: {},
  separableConv2d: {
    kernelInitializer: 'the engine throws',
    kernelRegularizer: 'the engine throws',
    kernelConstraint: 'the engine throws',
  },
  depthwiseConv2d: {
    kernelInitializer: 'ignored: depthwiseInitializer is meant',
    kernelRegularizer: 'ignored: depthwiseRegularizer is meant',
    kernelConstraint: 'ignored: depthwiseConstraint is meant',
  },
}

/** Factories whose own `inputDim`, `inputLength` or `cell` are not the legacy words. */
const ownWords: Readonly<Record<string, readonly string[]>> = {
  embedding: ['inputDim', 'inputLength'],
  rnn: ['cell'],
}

const distribution = join(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-layers')), '.')

/** The argument interface of each factory, as exports_layers.d.ts declares it, and all interfaces by name. */
function readDeclarations() {
  const project = new Project({ skipAddingFilesFromTsConfig: true, compilerOptions: { noLib: true } })
  const exported = project.addSourceFileAtPath(join(distribution, 'exports_layers.d.ts'))
  const interfaces = new Map<string, InterfaceDeclaration>()
  for (const folder of ['layers', 'layers/preprocessing', 'engine']) {
    for (const file of readdirSync(join(distribution, folder)).filter((name) => name.endsWith('.d.ts'))) {
      const source = project.addSourceFileAtPath(join(distribution, folder, file))
      for (const one of source.getInterfaces()) interfaces.set(one.getName(), one)
    }
  }
  const factories = new Map<string, string>()
  for (const one of exported.getFunctions()) {
    const type = one.getParameters()[0]?.getTypeNode()?.getText() ?? ''
    factories.set(one.getName() ?? '', /\b(\w+(?:Args|Config))\b/.exec(type)?.[1] ?? 'LayerArgs')
  }
  return { factories, interfaces }
}

/** Property names of an interface and of those it extends, through `Omit`, apart from what every layer has. */
function optionsOf(name: string, interfaces: ReadonlyMap<string, InterfaceDeclaration>): Set<string> {
  const declared = interfaces.get(name)
  if (declared === undefined || name === 'LayerArgs' || name === 'LayerConfig') return new Set()
  const options = new Set(declared.getProperties().map((property) => property.getName()))
  for (const base of declared.getExtends()) {
    const [omitFrom, ...omitted] = base
      .getText()
      .match(/\w+(?=[,<>'" |]|$)/g)!
      .filter((word) => word !== 'Omit')
    for (const option of optionsOf(omitFrom!, interfaces)) if (!omitted.includes(option)) options.add(option)
  }
  return options
}

const factoryNames = Object.keys(tf.layers)
const schemas: Readonly<Record<string, { readonly schema: unknown }>> = { ...layerTable, ...cellTable }
const schemaOf = (type: string) => schemas[type]!.schema as { properties: Record<string, Record<string, unknown>> }

describe('the table of layers', () => {
  it('has every factory of tf.layers, or the reason why not', () => {
    const missing = factoryNames.filter((name) => !Object.hasOwn(schemas, name) && !Object.hasOwn(leftOut, name))
    expect(missing).toEqual([])
  })

  it('has no outdated reasons', () => {
    const stale = Object.keys(leftOut).filter((name) => Object.hasOwn(schemas, name) || !factoryNames.includes(name))
    expect(stale).toEqual([])
  })

  it('has no type that tf.layers lacks, but our own', () => {
    const extra = Object.keys(schemas).filter((name) => !factoryNames.includes(name) && !ours.has(name))
    expect(extra).toEqual([])
  })
})

describe('the options', () => {
  const { factories, interfaces } = readDeclarations()
  const types = Object.keys(schemas).filter((type) => type !== 'input' && !ours.has(type))

  it.each(types)('of %s are those of tf.layers, or the reason why not', (type) => {
    const declared = optionsOf(factories.get(type) ?? '', interfaces)
    const general = Object.keys(optionsLeftOut['*']!).filter((option) => !ownWords[type]?.includes(option))
    const excused = new Set([...general, ...Object.keys(optionsLeftOut[type] ?? {})])
    const known = new Set(Object.keys(schemaOf(type).properties))
    expect([...declared].filter((option) => !known.has(option) && !excused.has(option))).toEqual([])
  })

  it('are found in the declarations at all', () => {
    expect(optionsOf(factories.get('conv2d')!, interfaces)).toContain('dilationRate')
    expect(optionsOf(factories.get('lstm')!, interfaces)).toContain('recurrentActivation')
    expect(optionsOf(factories.get('convLstm2d')!, interfaces)).toContain('kernelSize')
    expect(optionsOf(factories.get('convLstm2d')!, interfaces)).not.toContain('units')
    expect(optionsOf(factories.get('bidirectional')!, interfaces)).toContain('mergeMode')
  })

  it.each(Object.keys(schemas))(
    'of %s have a description and an example each, and none of the common names',
    (type) => {
      for (const [name, field] of Object.entries(schemaOf(type).properties)) {
        expect([name, typeof field['description'], Array.isArray(field['examples'])]).toEqual([name, 'string', true])
        expect(Object.keys(commonFields)).not.toContain(name)
      }
    },
  )
})
