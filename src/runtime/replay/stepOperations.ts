/** Simplifies the operations of a step before they become a graph, and finds those that the graph treats in another way. */
import * as tf from '@tensorflow/tfjs'
import { type Operand, type RecordedCall } from '../../patches/recordKernels.ts'
import { type RecordedOperation } from '../../patches/nodeOperations.ts'

/** An operation with its operands. */
export interface StepOperation extends RecordedOperation, Pick<RecordedCall, 'inputs' | 'outputs'> {}

/**
 * Lets each operation read the data that a chain of reshapes began with, where the chain ends in the shape that it began
 * with. TensorFlow.js reshapes the operands of each product twice, so that most operations of a recurrent layer are reshapes.
 */
export function skipReshapes(operations: readonly StepOperation[]): readonly StepOperation[] {
  /** The data that reshapes began with, by the slots of their results. */
  const origins = new Map<number, Operand>()
  return operations.map((operation) => {
    const { name, inputs, outputs } = operation
    if (name === 'Reshape') origins.set(outputs[0]!.slot, origins.get(inputs[0]![1].slot) ?? inputs[0]![1])
    return { ...operation, inputs: inputs.map(([key, operand]) => [key, originOf(operand, origins)] as const) }
  })
}

/** Returns the operand, or the data that its reshapes began with if they have its shape. */
function originOf(operand: Operand, origins: ReadonlyMap<number, Operand>): Operand {
  const origin = origins.get(operand.slot)
  return origin && tf.util.arraysEqual(origin.shape, operand.shape) ? origin : operand
}

/**
 * Returns the matrices whose transposes several products multiply by, such as the recurrent kernel, by which the gradient of
 * each time step is multiplied. Such a product takes twice as long as one with a matrix that is transposed already.
 */
export function findSharedFactors(operations: readonly StepOperation[]): ReadonlySet<number> {
  const factors = operations.map(transposedFactor).filter((slot) => slot !== undefined)
  return new Set(factors.filter((slot, index) => factors.indexOf(slot) !== index))
}

/** The matrix whose transpose a product multiplies a matrix by; undefined for other operations. */
export function transposedFactor({ name, attributes, inputs }: StepOperation): number | undefined {
  const isTransposed = (side: string) => attributes.some((one) => one.name === side && one.value === true)
  if (name !== 'MatMul' || isTransposed('transpose_a') || !isTransposed('transpose_b')) return undefined
  return inputs[1]![1].slot
}
