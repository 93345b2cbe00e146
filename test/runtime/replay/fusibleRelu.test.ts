/** Where bias and relu are arranged so that TensorFlow can fuse them into the product before them. */
import { describe, expect, it } from 'vitest'
import { makeReluFusible } from '../../../src/runtime/replay/fusibleRelu.ts'
import { type StepOperation } from '../../../src/runtime/replay/stepOperations.ts'

/** Makes an operation from `RESULT = NAME(OPERANDS)`, where operands are slots: 5 has the bias, 6 a matrix, and the others images. */
function parse(text: string): StepOperation {
  const [, result, name, given] = /^(\d+) = (\w+)\((.*)\)$/.exec(text)!
  const shapeOf = (slot: number) => (slot === 5 ? [4] : slot === 6 ? [2, 4] : [2, 8, 8, 4])
  const operand = (slot: number) => ({ slot, shape: shapeOf(slot), dtype: 'float32' as const })
  const inputs = given!.split(', ').map((slot, index) => [`${index}`, operand(Number(slot))] as const)
  return { name: name!, attributes: [], count: 1, inputs, outputs: [operand(Number(result))] }
}

function print({ name, inputs, outputs }: StepOperation): string {
  return `${outputs[0]!.slot} = ${name}(${inputs.map(([, { slot }]) => slot).join(', ')})`
}

const pooled = ['10 = Conv2D(0, 6)', '11 = MaxPool(10)', '12 = Add(11, 5)', '13 = Relu(12)']
const fusible = ['10 = Conv2D(0, 6)', '21 = Add(10, 5)', '22 = Relu(21)', '13 = MaxPool(22)']
const backward = ['14 = ReluGrad(20, 12)', '15 = MaxPoolGrad(10, 11, 14)']

describe('makeReluFusible', () => {
  it.each<[string, string[], string[]]>([
    ['pools last', [...pooled, '20 = Softmax(13)'], [...fusible, '20 = Softmax(13)']],
    [
      'differentiates from results',
      [...pooled, '20 = Softmax(13)', ...backward],
      [...fusible, '20 = Softmax(13)', '14 = ReluGrad(20, 13)', '15 = MaxPoolGrad(22, 13, 14)'],
    ],
    [
      'differentiates a relu without pooling from its result',
      ['10 = MatMul(0, 6)', '12 = Add(10, 5)', '13 = Relu(12)', '20 = Softmax(13)', '14 = ReluGrad(20, 12)'],
      ['10 = MatMul(0, 6)', '12 = Add(10, 5)', '13 = Relu(12)', '20 = Softmax(13)', '14 = ReluGrad(20, 13)'],
    ],
  ])('%s', (_name, given, want) => {
    expect(makeReluFusible(given.map(parse), new Set([20])).map(print)).toEqual(want)
  })

  it.each<[string, string[], number[]]>([
    ['the result of the convolution', pooled, [10]],
    ['the result of pooling', pooled, [11]],
    ['the sum', pooled, [12]],
    ['no relu', [...pooled.slice(0, 3), '13 = Tanh(12)'], [20]],
    ['another sum than that of a bias', [...pooled.slice(0, 2), '12 = Add(11, 7)', '13 = Relu(12)'], [20]],
    ['another reader of the convolution', [...pooled, '20 = Softmax(10)'], [20]],
    ['another reader of the pooling', [...pooled, '20 = Softmax(11)'], [20]],
    ['another reader of the sum', [...pooled, '20 = Softmax(12)'], [20]],
    ['another gradient of the pooling', [...pooled, '20 = MaxPoolGrad(10, 9, 13)'], [20]],
  ])('changes nothing for %s', (_name, given, lasting) => {
    expect(makeReluFusible(given.map(parse), new Set(lasting)).map(print)).toEqual(given)
  })
})
