/** Describes a network as Keras 3 saves it in `config.json`: the functional model of its layers, for `keras.models.load_model`. */
import { kerasGroups } from '../../runtime/formats/kerasGroups.ts'
import type { Call, Expression } from '../../language/expression.ts'
import type { Program, ProgramLayer } from '../../program/program.ts'
import { dataOf, snakeCase, type PythonValue } from '../python/printLiteral.ts'
import { kerasNames } from './kerasNames.ts'
import {
  className,
  dropped,
  fieldsOf,
  formOfCall,
  inTrainingOnly,
  layerCallOf,
  ownActivations,
  plainOptions,
  presetsOf,
  typeOfCall,
} from './kerasLayers.ts'
import { orderLayers } from './orderLayers.ts'
import { findMasked } from './printNetwork.ts'

/** A layer of Keras with its name in the program, and the groups of its weights in `model.weights.h5`. */
export interface KerasFileLayer {
  readonly name: string
  /** The paths below the group of the layer that have its weights, each with an equal share unless there are counts. */
  readonly places: readonly string[]
  /** `conv2d_1` for the second Conv2D of the model. */
  readonly group: string
}

export interface KerasFileModel {
  readonly config: object
  readonly layers: readonly KerasFileLayer[]
}

/** Thrown if a layer is not one of Keras's own, with the reason as a clause. */
export class NotInKerasError extends Error {}

/** @throws NotInKerasError if a layer has no form in Keras itself. */
export function kerasConfigOf(program: Program): KerasFileModel {
  const calls = new Map(
    program.layers.flatMap((layer) => ('call' in layer ? [[layer.name, layerCallOf(layer.call)] as const] : [])),
  )
  const masked = findMasked(program.layers, calls)
  const names = kerasNames(program.layers.map(({ name }) => name))
  const nodes = nodesOf(program.layers)
  const tensor = (name: string) => {
    const { made, index } = nodes.get(name)!
    const config = { shape: [null], dtype: 'float32', keras_history: [names.get(made), index, 0] }
    return { class_name: '__keras_tensor__', config }
  }
  const ordered = orderLayers(program)
  const groups = kerasGroups(ordered.map((name) => kerasClass(calls.get(name)!)))
  const layers = ordered.map((name) => {
    const call = calls.get(name)!
    requireOwn(name, call, masked.has(name))
    const uses = program.layers.filter((layer) => layer.isUsed && madeBy(layer) === name && layer.inputs.length > 0)
    const inbound = uses.map(({ inputs }) => {
      const tensors = inputs.map(tensor)
      return { args: tensors.length === 1 ? tensors : [tensors], kwargs: {} }
    })
    return { ...describeLayer(name, call, names.get(name)), name: names.get(name), inbound_nodes: inbound }
  })
  const end = (name: string) => {
    const { made, index } = nodes.get(name)!
    return [names.get(made), index, 0]
  }
  const { inputs, outputs } = program
  return {
    config: {
      module: 'keras.src.models.functional',
      class_name: 'Functional',
      config: {
        name: program.name,
        trainable: true,
        layers,
        input_layers: inputs.length === 1 ? [end(inputs[0]!)].flat() : inputs.map(end),
        output_layers: outputs.length === 1 ? end(outputs[0]!) : outputs.map(end),
      },
      registered_name: 'Functional',
    },
    layers: ordered.map((name, place) => ({ name, group: groups[place]!, places: placesOf(calls.get(name)!) })),
  }
}

function madeBy(layer: ProgramLayer): string {
  return 'applies' in layer ? layer.applies : layer.name
}

/** Which layer computes each output of the program, and by which of its uses. */
function nodesOf(
  layers: readonly ProgramLayer[],
): ReadonlyMap<string, { readonly made: string; readonly index: number }> {
  const counts = new Map<string, number>()
  return new Map(
    layers.flatMap((layer) => {
      if (!layer.isUsed) return []
      const made = madeBy(layer)
      const index = counts.get(made) ?? 0
      counts.set(made, index + 1)
      return [[layer.name, { made, index }] as const]
    }),
  )
}

function requireOwn(name: string, call: Call, isMasked: boolean): void {
  const form = formOfCall(call)
  const own = form.own?.(plainOptions([...fieldsOf(call), ...presetsOf(form, call)]))
  const readsOtherwise = isMasked && (form.masked !== undefined || form.readsMask === true)
  const reason =
    form.missing ??
    (own === undefined ? undefined : 'Keras has it only with code of our own') ??
    (form.isNegated === true ? 'Keras has no such layer' : undefined) ??
    (readsOtherwise ? 'Keras treats its mask otherwise' : undefined)
  if (reason !== undefined) throw new NotInKerasError(`\`${name}\`: ${reason}`)
}

function kerasClass(call: Call): string {
  const form = formOfCall(call)
  return form.isInput === true ? 'InputLayer' : (form.name ?? className(typeOfCall(call)))
}

function describeLayer(name: string, call: Call, kerasName?: string): object {
  const form = formOfCall(call)
  const named = kerasName === undefined ? {} : { name: kerasName }
  const config = form.isInput === true ? inputConfig(call) : optionsOf(name, call)
  return {
    module: 'keras.layers',
    class_name: kerasClass(call),
    config: { ...config, ...named },
    registered_name: null,
  }
}

function inputConfig(call: Call): object {
  const shape = fieldsOf(call).find(([key]) => key === 'shape')![1]
  return { batch_shape: [null, ...(dataOf(shape) as readonly PythonValue[])], dtype: 'float32' }
}

function optionsOf(name: string, call: Call): object {
  const form = formOfCall(call)
  const fields = [...fieldsOf(call), ...presetsOf(form, call)].filter(
    ([key]) => !dropped.has(key) && form.dropped?.includes(key) !== true && !inTrainingOnly.test(key),
  )
  const stated = fields.map(
    ([key, value]) => [form.renamed?.[key] ?? snakeCase(key), valueOf(name, key, value)] as const,
  )
  const options = { ...form.saved, ...Object.fromEntries(stated) }
  return form.hasBackward === true ? { ...options, ...backwardOf(name, call) } : options
}

/** Keras derives the backward layer only from a layer that runs forward; for a reversed one, both are stated. */
function backwardOf(name: string, call: Call): object {
  const layer = fieldsOf(call).find(([key]) => key === 'layer')?.[1]
  if (layer?.kind !== 'call' || !fieldsOf(layer).some(([key]) => key === 'goBackwards')) return {}
  const forward = { kind: 'record', fields: fieldsOf(layer).filter(([key]) => key !== 'goBackwards') } as const
  return { backward_layer: describeLayer(name, { ...layer, args: [forward] }) }
}

function valueOf(name: string, key: string, value: Expression): unknown {
  if (value.kind === 'call') {
    requireOwn(name, value, false)
    return describeLayer(name, value)
  }
  if (value.kind === 'list' && value.items.some(({ kind }) => kind === 'call')) {
    const cells = value.items.map((item) => describeLayer(name, item as Call))
    return { module: 'keras.layers', class_name: 'StackedRNNCells', config: { cells }, registered_name: null }
  }
  const data = dataOf(value)
  if (typeof data !== 'string') return key === 'targetShape' ? (data as unknown[]).map((size) => size ?? -1) : data
  if (!/activation$/i.test(key)) return snakeCase(data)
  if (Object.hasOwn(ownActivations, data)) {
    throw new NotInKerasError(`\`${name}\`: the activation \`${data}\` is another function in Keras`)
  }
  return data === 'swish' ? 'silu' : data
}

/** The groups inside that of a layer that have its weights. */
function placesOf(call: Call): string[] {
  const inner = (key: string) => fieldsOf(call).find(([one]) => one === key)?.[1]
  const layer = inner('layer')
  if (layer?.kind === 'call') {
    const parts = formOfCall(call).hasBackward === true ? ['forward_layer', 'backward_layer'] : ['layer']
    return parts.flatMap((part) => placesOf(layer).map((place) => `${part}/${place}`))
  }
  const cell = inner('cell')
  if (cell?.kind === 'list') {
    const groups = kerasGroups(cell.items.map((item) => kerasClass(item as Call)))
    return groups.map((group) => `cell/cells/${group}/vars`)
  }
  const hasCell = cell !== undefined || fieldsOf(call).some(([key]) => key === 'recurrentInitializer')
  return [hasCell ? 'cell/vars' : 'vars']
}
