/** Turns a recorded step into a TensorFlow graph with the variables that the step assigns. */
import * as tf from '@tensorflow/tfjs'
import { type Operand, type RecordedCall, type Recording } from '../../patches/recordKernels.ts'
import { operationOf } from '../../patches/nodeOperations.ts'
import { GraphBuilder } from './graphBuilder.ts'
import { makeReluFusible } from './fusibleRelu.ts'
import { type GraphCall } from './graphSession.ts'
import { findNeededCalls } from './kernelPlan.ts'
import { encodeSavedModel } from './savedModel.ts'
import { findSharedFactors, skipReshapes, type StepOperation } from './stepOperations.ts'

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
  const available = [...inputs.keys(), ...constants.keys()]
  const { hostCalls, hostResults, ...split } = splitCalls(findNeededCalls(recording.calls, lasting), available)
  const operations = findNeededCalls(makeReluFusible(skipReshapes(split.operations), lasting), lasting)
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
  const used = new Set([...lasting, ...operations.flatMap((one) => one.inputs.map(([, { slot }]) => slot))])
  for (const [slot, tensor] of constants) if (used.has(slot)) graph.constant(slot, tensor)
  const shared = findSharedFactors(operations)
  for (const [index, operation] of operations.entries()) {
    graph.operation(`${operation.name}${index}`, operation, shared)
  }
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

interface SplitCalls extends Pick<StepGraph, 'hostCalls' | 'hostResults'> {
  readonly operations: readonly StepOperation[]
}

/**
 * Separates the operations of a step from the kernels that must run before them.
 *
 * @throws Error if one of these depends on more than inputs.
 */
function splitCalls(calls: readonly RecordedCall[], inputs: Iterable<number>): SplitCalls {
  const operations: StepOperation[] = []
  const hostCalls: RecordedCall[] = []
  const available = new Set(inputs)
  for (const call of calls) {
    const operation = operationOf(call)
    if (operation) {
      operations.push({ ...operation, inputs: call.inputs, outputs: call.outputs })
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
