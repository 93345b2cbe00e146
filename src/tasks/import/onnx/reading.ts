/** What the form of an operator is given, and what many of them share. */
import type { ImportedWeight } from '../importedNetwork.ts'
import type { Constant } from './constants.ts'
import type { OnnxNode } from './decodeModel.ts'
import type { DraftLayer, DraftLayers } from './draftLayers.ts'
import type { OnnxGraph } from './graph.ts'
import { refuse } from './refusal.ts'
import { isValue, type Operand, type Value } from './values.ts'

/** A node that is read. */
export interface Reading {
  readonly graph: OnnxGraph
  readonly layers: DraftLayers
  readonly node: OnnxNode
  /** An input that is left out is undefined. */
  readonly inputs: readonly (Operand | undefined)[]
  /** The version of the operators. */
  readonly operatorSet: number
}

/**
 * Adds the layers of a node, and returns its output or outputs.
 *
 * @throws Refusal if the language cannot say it.
 */
export type OperatorForm = (reading: Reading) => Operand | readonly (Operand | undefined)[]

export function valueAt({ inputs, node }: Reading, index: number): Value {
  const input = inputs[index]
  if (isValue(input)) return input
  return refuse(
    input === undefined
      ? `its input ${index + 1} is missing`
      : `its input ${index + 1} is ${node.inputs[index]}, which is stored in the file`,
  )
}

export function constantAt({ inputs }: Reading, index: number): Constant | undefined {
  const input = inputs[index]
  if (isValue(input)) refuse(`its input ${index + 1} is computed; it has to be stored in the file`)
  return input
}

export function requiredConstant(reading: Reading, index: number): Constant {
  return constantAt(reading, index) ?? refuse(`its input ${index + 1} is missing`)
}

/** Whether the layer of an input may be changed: nothing else takes its output. */
export function mayChange({ graph, node }: Reading, value: Value, index = 0): boolean {
  return value.isOnly && value.layer.isShared !== true && graph.hasOneUse(node.inputs[index]!)
}

/** The same numbers, perhaps with their axes in another order. */
export function passOn(reading: Reading, value: Value, axes: Value['axes'] = value.axes, index = 0): Value {
  return { ...value, axes, isOnly: mayChange(reading, value, index) }
}

/** The output of a layer that computes each number by itself. */
export function eachNumber(value: Value, layer: DraftLayer): Value {
  return { ...value, layer, isOnly: true }
}

export function weightOf({ shape, values }: Pick<Constant, 'shape' | 'values'>): ImportedWeight {
  return { shape, values: values instanceof Float32Array ? values : Float32Array.from(values) }
}

export function vector(values: ArrayLike<number>): ImportedWeight {
  return { shape: [values.length], values: Float32Array.from(values) }
}

/** The names of the arrays of a node, if other nodes take its kernel, too: then it is one layer that is applied again. */
export function sharedArrays({ graph, node, inputs }: Reading): string | undefined {
  if (graph.consumers(node.inputs[1] ?? '').length < 2) return undefined
  return JSON.stringify(node.inputs.filter((_name, index) => !isValue(inputs[index])))
}
