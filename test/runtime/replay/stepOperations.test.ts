/** What the graph of a step does in another way than its single operations. */
import { describe, expect, it } from 'vitest'
import type { Operand } from '../../../src/patches/recordKernels.ts'
import { findSharedFactors, skipReshapes, type StepOperation } from '../../../src/runtime/replay/stepOperations.ts'

const operand = (slot: number, shape: number[]): Operand => ({ slot, shape, dtype: 'float32' })

function operation(name: string, inputs: Operand[], output: Operand, ...transposed: string[]): StepOperation {
  const attributes = transposed.map((side) => ({ name: side, type: 3, value: true }))
  return { name, attributes, count: 1, inputs: inputs.map((one, index) => [`${index}`, one]), outputs: [output] }
}

const matrix = operand(0, [2, 3])
const shape = operand(9, [2])

describe('skipReshapes', () => {
  it.each([
    ['a reshape to the same shape', [[2, 3]], 0],
    ['a chain that ends in the first shape', [[1, 2, 3], [6], [2, 3]], 0],
    ['a reshape to another shape', [[3, 2]], 1],
    ['a chain that ends in another shape', [[2, 3], [6]], 2],
  ])('%s', (_name, shapes, want) => {
    const results = shapes.map((size, index) => operand(index + 1, size))
    const reshapes = results.map((result, index) =>
      operation('Reshape', [index === 0 ? matrix : results[index - 1]!, shape], result),
    )
    const reader = operation('Relu', [results.at(-1)!], operand(7, shapes.at(-1)!))
    expect(skipReshapes([...reshapes, reader]).at(-1)!.inputs[0]![1].slot).toBe(want)
  })
})

describe('findSharedFactors', () => {
  const product = (name: string, factor: number, ...transposed: string[]) =>
    operation(name, [operand(1, [4, 3]), operand(factor, [2, 3])], operand(8, [4, 2]), ...transposed)
  const once = product('MatMul', 0, 'transpose_b')

  it.each<[string, StepOperation[], number[]]>([
    ['two products by one transpose', [once, once], [0]],
    ['one product', [once], []],
    ['products by different transposes', [once, product('MatMul', 2, 'transpose_b')], []],
    ['products by a matrix as it is', [product('MatMul', 0), product('MatMul', 0)], []],
    ['products of two transposes', [once, product('MatMul', 0, 'transpose_a', 'transpose_b')], []],
    ['other operations', [once, product('Add', 0, 'transpose_b')], []],
  ])('%s', (_name, operations, want) => {
    expect([...findSharedFactors(operations)]).toEqual(want)
  })
})
