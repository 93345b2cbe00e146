/** A layer that takes the same twice, beside others that take it: tf.layers would dispose it before the last has run. */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildModel } from '../../src/backends/interpret/interpret.ts'
import { checkText } from '../../src/analyze.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'

beforeAll(() => tf.setBackend('cpu'))

function lower(layers: string) {
  const { spec, shaped, diagnostics } = checkText(`name: example\nlayers:\n${layers}`, 'spec.yaml')
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  return lowerGraph(spec, shaped)
}

const attention = `
  - input: { name: words, shape: [5, 4] }
  - dense: { name: keys, units: 3 }
  - dot: { name: scores, inputs: [keys, keys], axes: 2 }
  - softmax: { name: shares, axis: -1 }
  - dot: { name: mixed, inputs: [shares, keys], axes: [2, 1] }
  - dense: { name: answer, units: 2 }
`
const copied = `
  - input: { name: words, shape: [4] }
  - dense: { name: keys, units: 3 }
  - reLU: { name: keys_copy1, inputs: keys }
  - add: { name: thrice, inputs: [keys, keys, keys] }
  - add: { name: twice, inputs: [keys, keys] }
  - concatenate: { name: answer, inputs: [keys_copy1, thrice, twice] }
`

describe('a layer with the same input several times', () => {
  it.each([
    ['self-attention', attention, ['keys_copy1']],
    ['of several such layers', copied, ['keys_copy1_', 'keys_copy2']],
  ])('gets copies with which predict works: %s', (_name, layers, copies) => {
    const program = lower(layers)
    const written = new Set([...layers.matchAll(/name: (\w+)/g)].map(([, name]) => name))
    expect(program.layers.map(({ name }) => name).filter((name) => !written.has(name))).toEqual(copies)
    const model = buildModel(program, 1)
    const input = tf.ones([2, ...model.inputs[0]!.shape.slice(1).map((size) => size!)])
    const predicted = model.predict(input) as tf.Tensor
    const inTraining = model.apply(input, { training: true }) as tf.Tensor
    expect(predicted.shape).toEqual(inTraining.shape)
    expect([...predicted.dataSync()]).toEqual([...inTraining.dataSync()])
  })

  it('gets none if no other layer reads them, or they are an input or an output', () => {
    const alone = `
  - input: { name: words, shape: [4] }
  - multiply: { name: square, inputs: [words, words] }
  - dense: { name: answer, units: 3, inputs: words }
  - add: { name: double, inputs: [answer, answer] }
  - concatenate: { inputs: [square, double] }
`
    expect(lower(alone).layers.map(({ name }) => name)).not.toContain('answer_copy1')
    expect(lower(alone).layers).toHaveLength(5)
    const answers = '\noutputs: [keys, keys_copy1, thrice, twice]\n'
    expect(lower(copied.replace(/  - concatenate.*/, answers)).layers).toHaveLength(5)
  })
})
