/** Turns a recorded step into a TensorFlow graph with the variables that the step assigns. */
import * as tf from '@tensorflow/tfjs'
import { type Operand, type RecordedCall, type Recording } from '../../patches/recordKernels.ts'
import { operationOf, type RecordedOperation } from '../../patches/nodeOperations.ts'
import { type GraphCall } from './graphSession.ts'
import { findNeededCalls } from './kernelPlan.ts'
import {
  attributeValue,
  booleanValue,
  encodeNode,
  encodeSavedModel,
  shapeValue,
  tensorValue,
  textValue,
  typeValue,
} from './savedModel.ts'

/** A step as a graph. */
export interface StepGraph {
  readonly savedModel: Uint8Array
  /** The number of the step's operations in the graph. */
  readonly operations: number
  /** Takes a step. It feeds the inputs, the results of `hostCalls`, then the variables `given`. */
  readonly step: GraphCall
  /** Kernels that run before the graph, such as those that draw random numbers: they depend on inputs only. */
  readonly hostCalls: readonly RecordedCall[]
  readonly hostResults: readonly Operand[]
  /** The names of the engine's variables that the step reads and does not assign. */
  readonly given: readonly string[]
  /** The names of the engine's variables that the step assigns, which the graph has variables for. */
  readonly kept: readonly string[]
  /** Feeds the variables `kept` to the graph. */
  readonly load: GraphCall
  /** Fetches the variables `kept`. */
  readonly read: GraphCall
}

/**
 * Builds the graph of a recorded step.
 *
 * @throws Error if a kernel that is no TensorFlow operation depends on variables or operations.
 */
export function buildStepGraph(recording: Recording, inputs: readonly tf.Tensor[]): StepGraph {
  const { variables, constants, results, assignments } = recording
  const lasting = new Set([...results, ...assignments.values()].map(({ slot }) => slot))
  const { operations, hostCalls, hostResults } = splitCalls(findNeededCalls(recording.calls, lasting), [
    ...inputs.keys(),
    ...constants.keys(),
  ])
  const kept = [...assignments.keys()]
  const given = [...variables.keys()].filter((name) => !assignments.has(name))
  const present = tf.engine().registeredVariables

  const graph = new GraphBuilder()
  const feeds = [
    ...inputs.map((input, slot) => graph.feed(`input${slot}`, input, slot)),
    ...hostResults.map((operand) => graph.feed(`host${operand.slot}`, operand, operand.slot)),
    ...given.map((name, index) => graph.feed(`given${index}`, present[name]!, variables.get(name)!)),
  ]
  const loads = kept.map((name, index) => graph.variable(index, present[name]!, variables.get(name)))
  for (const [slot, tensor] of constants) graph.constant(slot, tensor)
  for (const [index, operation] of operations.entries()) graph.operation(`${operation.name}${index}`, operation)
  // A variable is read before it is assigned, because another one may be assigned its old value.
  const assigned = [...assignments.values()].map(({ slot, dtype }, index) =>
    graph.assignment(`assigned${index}`, index, dtype, graph.outputs.get(slot)!, [`^read${index}`]),
  )
  const returned = results.map((operand, index) => graph.result(`result${index}`, operand))
  return {
    operations: operations.length,
    step: { feeds, fetches: [...returned, graph.signal('done', assigned)] },
    hostCalls,
    hostResults,
    given,
    kept,
    load: {
      feeds: loads,
      fetches: [
        graph.signal(
          'ready',
          kept.map((_, index) => `loaded${index}`),
        ),
      ],
    },
    read: { feeds: [], fetches: kept.map((_, index) => `read${index}`) },
    savedModel: encodeSavedModel(graph.nodes),
  }
}

/**
 * Keeps a node from being rewritten. TensorFlow's arithmetic optimizer moves operations on the parts of a split before the
 * split, and makes a circle if one of them has to run after another part; a GRU is such a case
 * (HoistCWiseUnaryChainsStage in tensorflow/core/grappler/optimizers/arithmetic_optimizer.cc).
 */
const keptAsItIs = { _grappler_do_not_remove: booleanValue(true) }

/** The shape and the type of a tensor. */
type TensorForm = Pick<tf.Tensor, 'dtype' | 'shape'>

/** Collects nodes. Its methods return the name of the node that they add. */
class GraphBuilder {
  readonly nodes: Buffer[] = []
  /** The output of the graph that has the data of a slot. */
  readonly outputs = new Map<number, string>()

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

  operation(node: string, { name, attributes, call }: SplitCalls['operations'][number]): void {
    const given = call.inputs.map(([, { slot }]) => this.outputs.get(slot)!)
    const encoded = Object.fromEntries(attributes.map((one) => [one.name, attributeValue(one)]))
    // Single operations infer a type that is not stated. The kernel ExpandDims of tfjs-node is the only one that relies on it.
    const inferred = name === 'ExpandDims' && { T: typeValue(call.inputs[0]![1].dtype) }
    this.#add(node, name, given, { ...inferred, ...encoded, ...(name.startsWith('Split') && keptAsItIs) })
    for (const [output, { slot }] of call.outputs.entries()) {
      this.outputs.set(slot, output === 0 ? node : `${node}:${output}`)
    }
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

  #add(...node: Parameters<typeof encodeNode>): string {
    this.nodes.push(encodeNode(...node))
    return node[0]
  }
}

interface SplitCalls extends Pick<StepGraph, 'hostCalls' | 'hostResults'> {
  readonly operations: readonly (RecordedOperation & { readonly call: RecordedCall })[]
}

/**
 * Separates the operations of a step from the kernels that must run before them.
 *
 * @throws Error if one of these depends on more than inputs.
 */
function splitCalls(calls: readonly RecordedCall[], inputs: Iterable<number>): SplitCalls {
  const operations: SplitCalls['operations'][number][] = []
  const hostCalls: RecordedCall[] = []
  const available = new Set(inputs)
  for (const call of calls) {
    const operation = operationOf(call)
    if (operation) {
      operations.push({ ...operation, call })
      continue
    }
    if (!call.inputs.every(([, { slot }]) => available.has(slot))) {
      throw new Error(`${call.kernelName} is not a TensorFlow operation.`)
    }
    hostCalls.push(call)
    for (const { slot } of call.outputs) available.add(slot)
  }
  return { operations, hostCalls, hostResults: hostCalls.flatMap(({ outputs }) => outputs) }
}
