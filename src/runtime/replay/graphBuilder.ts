/** Collects the nodes of the graph of a step. */
import type * as tf from '@tensorflow/tfjs'
import { type Operand } from '../../patches/recordKernels.ts'
import {
  attributeValue,
  booleanValue,
  encodeNode,
  integerValue,
  shapeValue,
  tensorValue,
  textValue,
  typeValue,
} from './savedModel.ts'
import { type StepOperation, transposedFactor } from './stepOperations.ts'

/**
 * Keeps a node from being rewritten. TensorFlow's arithmetic optimizer moves operations on the parts of a split before the
 * split, and makes a circle if one of them has to run after another part; a GRU is such a case
 * (HoistCWiseUnaryChainsStage in tensorflow/core/grappler/optimizers/arithmetic_optimizer.cc).
 */
const keptAsItIs = { _grappler_do_not_remove: booleanValue(true) }

/** The shape and the type of a tensor. */
type TensorForm = Pick<tf.Tensor, 'dtype' | 'shape'>

/** Collects nodes. Its methods return the name of the node that they add. */
export class GraphBuilder {
  readonly nodes: Buffer[] = []
  /** The output of the graph that has the data of a slot. */
  readonly outputs = new Map<number, string>()
  readonly #transposes = new Map<number, string>()

  /** Adds a tensor that each call feeds. */
  feed(name: string, { dtype, shape }: TensorForm, slot?: number): string {
    if (slot !== undefined) this.outputs.set(slot, name)
    return this.#add(name, 'Placeholder', [], { dtype: typeValue(dtype), shape: shapeValue(shape) })
  }

  /** Adds a variable, which `readN` reads and `loadedN` loads, and returns the node that is fed to load it. */
  variable(index: number, { dtype, shape }: TensorForm, slot: number | undefined): string {
    const [type, name] = [typeValue(dtype), `variable${index}`]
    this.#add(name, 'VarHandleOp', [], { dtype: type, shape: shapeValue(shape), shared_name: textValue(name) })
    const read = this.#add(`read${index}`, 'ReadVariableOp', [name], { dtype: type })
    if (slot !== undefined) this.outputs.set(slot, read)
    const load = this.feed(`load${index}`, { dtype, shape })
    this.assignment(`loaded${index}`, index, dtype, load, [])
    return load
  }

  assignment(name: string, index: number, dtype: tf.DataType, value: string, after: readonly string[]): string {
    return this.#add(name, 'AssignVariableOp', [`variable${index}`, value, ...after], { dtype: typeValue(dtype) })
  }

  constant(slot: number, tensor: tf.Tensor): void {
    const value = tensorValue(tensor.dtype, tensor.shape, tensor.dataSync())
    this.outputs.set(slot, this.#add(`constant${slot}`, 'Const', [], { dtype: typeValue(tensor.dtype), value }))
  }

  /**
   * Adds an operation of the step.
   *
   * @param shared The matrices whose transposes are computed once (see `findSharedFactors`).
   */
  operation(node: string, operation: StepOperation, shared: ReadonlySet<number>): void {
    const { name, attributes, inputs, outputs } = operation
    const given = inputs.map(([, { slot }]) => this.outputs.get(slot)!)
    const encoded = Object.fromEntries(attributes.map((one) => [one.name, attributeValue(one)]))
    const factor = transposedFactor(operation)
    if (factor !== undefined && shared.has(factor)) {
      given[1] = this.#transpose(factor)
      encoded['transpose_b'] = booleanValue(false)
    }
    // Single operations infer a type that is not stated. The kernel ExpandDims of tfjs-node is the only one that relies on it.
    const inferred = name === 'ExpandDims' && { T: typeValue(inputs[0]![1].dtype) }
    this.#add(node, name, given, { ...inferred, ...encoded, ...(name.startsWith('Split') && keptAsItIs) })
    for (const [output, { slot }] of outputs.entries()) {
      this.outputs.set(slot, output === 0 ? node : `${node}:${output}`)
    }
  }

  /** Adds a vector of numbers, which is fetched once other nodes have run. */
  vector(name: string, numbers: readonly Operand[], after: readonly string[]): string {
    const inputs = [...numbers.map(({ slot }) => this.outputs.get(slot)!), ...after.map((node) => `^${node}`)]
    return this.#add(name, 'Pack', inputs, {
      N: integerValue(numbers.length),
      T: typeValue('float32'),
      axis: integerValue(0),
    })
  }

  /** Adds a node of its own for a result: one that is fed, or returned twice, cannot be fetched. */
  result(name: string, { slot, dtype }: Operand): string {
    return this.#add(name, 'Identity', [this.outputs.get(slot)!], { T: typeValue(dtype) })
  }

  /** Adds an output that can be fetched to run nodes without one. */
  signal(name: string, after: readonly string[]): string {
    const dtype = typeValue('bool')
    const value = tensorValue('bool', [], Uint8Array.of(1))
    const constant = this.#add(`${name}Value`, 'Const', [], { dtype, value })
    return this.#add(name, 'Identity', [constant, ...after.map((node) => `^${node}`)], { T: dtype })
  }

  /** Returns the transpose of a matrix, which is added once. As integers, because TensorFlow would join it with the product again. */
  #transpose(slot: number): string {
    const known = this.#transposes.get(slot)
    if (known !== undefined) return known
    const [float, integer] = [typeValue('float32'), typeValue('int32')]
    const axes = tensorValue('int32', [2], Int32Array.of(1, 0))
    const order = this.#add(`order${slot}`, 'Const', [], { dtype: integer, value: axes })
    const bits = this.#add(`bits${slot}`, 'Bitcast', [this.outputs.get(slot)!], { T: float, type: integer })
    const turned = this.#add(`turned${slot}`, 'Transpose', [bits, order], { T: integer, Tperm: integer })
    const transpose = this.#add(`transpose${slot}`, 'Bitcast', [turned], { T: integer, type: float })
    this.#transposes.set(slot, transpose)
    return transpose
  }

  #add(...node: Parameters<typeof encodeNode>): string {
    this.nodes.push(encodeNode(...node))
    return node[0]
  }
}
