/** Arranges the operations of a step so that TensorFlow computes bias and relu within the product before them. */
import { type Operand } from '../../patches/recordKernels.ts'
import { findReaders, type Readers } from './readers.ts'
import { type StepOperation } from './stepOperations.ts'

/** A convolution, max pooling, bias and relu, each of which alone uses the result of the one before, except for gradients. */
interface PooledConvolution {
  readonly convolution: StepOperation
  readonly pooling: StepOperation
  readonly bias: StepOperation
  readonly relu: StepOperation
  readonly poolingGradients: readonly StepOperation[]
}

/**
 * Arranges operations so that TensorFlow fuses bias and relu into convolutions and products of matrices, which then write their
 * results once. Its optimizer does so if nothing else reads what is in between (remapper.cc in
 * tensorflow/core/grappler/optimizers), so the gradient of relu reads relu's result, which is positive where its input is, and
 * bias and relu precede max pooling. As single operations they follow it (see `poolingFirst`). The gradient of relu stays
 * after pooling, where it has a quarter of the values: it is 0 wherever the pooled result is.
 *
 * @param lasting the slots of results and of new values of variables
 */
export function makeReluFusible(
  operations: readonly StepOperation[],
  lasting: ReadonlySet<number>,
): readonly StepOperation[] {
  return poolLast(differentiateFromResults(operations), lasting)
}

function differentiateFromResults(operations: readonly StepOperation[]): StepOperation[] {
  const results = new Map<number, Operand>()
  return operations.map((operation) => {
    const { name, inputs, outputs } = operation
    if (name === 'Relu') results.set(inputs[0]![1].slot, outputs[0]!)
    const result = name === 'ReluGrad' ? results.get(inputs[1]![1].slot) : undefined
    return result ? { ...operation, inputs: [inputs[0]!, [inputs[1]![0], result]] } : operation
  })
}

function poolLast(operations: readonly StepOperation[], lasting: ReadonlySet<number>): readonly StepOperation[] {
  const readers = findReaders(operations)
  const slots = operations.flatMap(({ inputs, outputs }) => [...inputs.map(([, operand]) => operand), ...outputs])
  let next = Math.max(...lasting, ...slots.map(({ slot }) => slot)) + 1
  const replaced = new Map<StepOperation, readonly StepOperation[]>()
  for (const convolution of operations) {
    const found = findPooled(convolution, readers, lasting)
    if (!found) continue
    const { pooling, bias, relu, poolingGradients } = found
    const [made, pooled] = [convolution.outputs[0]!, relu.outputs[0]!]
    const [shifted, activated] = [
      { ...made, slot: next++ },
      { ...made, slot: next++ },
    ]
    replaced.set(pooling, []).set(bias, [])
    replaced.set(relu, [
      withOperands(bias, [made, bias.inputs[1]![1]], shifted),
      withOperands(relu, [shifted], activated),
      withOperands(pooling, [activated], pooled),
    ])
    for (const gradient of poolingGradients) {
      replaced.set(gradient, [
        withOperands(gradient, [activated, pooled, gradient.inputs[2]![1]], gradient.outputs[0]!),
      ])
    }
  }
  return operations.flatMap((operation) => replaced.get(operation) ?? [operation])
}

function findPooled(
  convolution: StepOperation,
  readers: Readers<StepOperation>,
  lasting: ReadonlySet<number>,
): PooledConvolution | undefined {
  if (convolution.name !== 'Conv2D') return undefined
  /** Returns the readers of an operation's result, if only the next operation and gradients of max pooling read it. */
  const follow = ({ outputs: [made] }: StepOperation, name: string) => {
    const [reader, ...gradients] = readers.get(made!.slot) ?? []
    const isOnly = reader?.name === name && gradients.every((one) => one.name === 'MaxPoolGrad')
    return isOnly && !lasting.has(made!.slot) ? { reader, gradients } : undefined
  }
  const pooling = follow(convolution, 'MaxPool')
  const bias = pooling && follow(pooling.reader, 'Add')
  const relu = bias && bias.reader.inputs[1]![1].shape.length === 1 && follow(bias.reader, 'Relu')
  if (!relu || relu.gradients.length > 0) return undefined
  const isSame = pooling.gradients.every((one, index) => one === bias.gradients[index])
  if (!isSame || pooling.gradients.length !== bias.gradients.length) return undefined
  return {
    convolution,
    pooling: pooling.reader,
    bias: bias.reader,
    relu: relu.reader,
    poolingGradients: pooling.gradients,
  }
}

function withOperands(operation: StepOperation, given: readonly Operand[], made: Operand): StepOperation {
  const inputs = operation.inputs.map(([key], index) => [key, given[index]!] as const)
  return { ...operation, inputs, outputs: [made] }
}
