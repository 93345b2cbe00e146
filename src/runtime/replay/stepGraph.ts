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
  /** Takes a step. It feeds the inputs `fed`, the results of `hostCalls`, then the variables `given`. */
  readonly step: GraphCall
  /** The indices of the inputs that the graph reads. */
  readonly fed: readonly number[]
  /** Whether all results are numbers. The step then returns them as one vector, otherwise as tensors and one more, without a meaning. */
  readonly returnsNumbers: boolean
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

  const used = new Set([...lasting, ...operations.flatMap((one) => one.inputs.map(([, { slot }]) => slot))])
  const fed = [...inputs.keys()].filter((slot) => used.has(slot))

  const graph = new GraphBuilder()
  const feeds = [
    ...fed.map((slot) => graph.feed(`input${slot}`, inputs[slot]!, slot)),
    ...hostResults.map((operand) => graph.feed(`host${operand.slot}`, operand, operand.slot)),
    ...given.map((name, index) => graph.feed(`given${index}`, present[name]!, variables.get(name)!)),
  ]
  const loads = kept.map((name, index) => graph.variable(index, present[name]!, variables.get(name)))
  for (const [slot, tensor] of constants) if (used.has(slot)) graph.constant(slot, tensor)
  const shared = findSharedFactors(operations)
  for (const [index, operation] of operations.entries()) {
    graph.operation(`${operation.name}${index}`, operation, shared)
  }
  // A variable is read before it is assigned, because another one may be assigned its old value.
  const assigned = [...assignments.values()].map(({ slot, dtype }, index) =>
    graph.assignment(`assigned${index}`, index, dtype, graph.outputs.get(slot)!, [`^read${index}`]),
  )
  const returnsNumbers = results.length > 0 && results.every(isNumber)
  const fetches = returnsNumbers
    ? [graph.vector('numbers', results, assigned)]
    : [...results.map((operand, index) => graph.result(`result${index}`, operand)), graph.signal('done', assigned)]
  return {
    operations: operations.length,
    step: { feeds, fetches },
    fed,
    returnsNumbers,
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

function isNumber({ shape, dtype }: Operand): boolean {
  return shape.length === 0 && dtype === 'float32'
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
