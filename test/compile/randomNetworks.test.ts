/** Random networks of valid layers: `check` accepts them, and tf.layers agrees on every shape and every count. */
import * as tf from '@tensorflow/tfjs'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { buildModel } from '../../src/backends/interpret/interpret.ts'
import { checkText } from '../../src/analyze.ts'
import { toJsonShape } from '../../src/language/dims.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'
import { yamlText } from '../../src/source/edits.ts'

const few = (max: number) => fc.integer({ min: 1, max })
const perAxis = (max: number) => fc.oneof(few(max), fc.tuple(few(max), few(max)))
const padding = fc.constantFrom('same', 'valid')
const activation = fc.constantFrom('relu', 'tanh', 'linear', 'swish')

/** Layers of images; inputs of 40x40 and more bear what five of them take away. */
const imageLayer = fc.oneof(
  fc.record({ conv2d: fc.record({ filters: few(4), kernelSize: perAxis(4), strides: few(2), padding, activation }) }),
  fc.record({
    conv2d: fc.record({ filters: few(4), kernelSize: few(3), dilationRate: few(2), useBias: fc.boolean() }),
  }),
  fc.record({ maxPooling2d: fc.record({ poolSize: perAxis(2), strides: few(2), padding }) }),
  fc.record({ averagePooling2d: fc.record({ poolSize: perAxis(2), padding }) }),
  fc.record({ zeroPadding2d: fc.record({ padding: perAxis(3) }) }),
  fc.record({
    batchNormalization: fc.record({ axis: fc.constantFrom(-1, 3), scale: fc.boolean(), center: fc.boolean() }),
  }),
  fc.record({ activation: fc.record({ activation }) }),
  fc.record({ dropout: fc.record({ rate: fc.constantFrom(0, 0.25, 0.5) }) }),
)
const vectorLayer = fc.oneof(
  fc.record({ dense: fc.record({ units: few(9), activation, useBias: fc.boolean() }) }),
  fc.record({ batchNormalization: fc.record({ momentum: fc.constantFrom(0.9, 0.99) }) }),
  fc.record({ dropout: fc.record({ rate: fc.constant(0.5) }) }),
)
const network = fc.record({
  shape: fc.tuple(fc.integer({ min: 60, max: 70 }), fc.integer({ min: 60, max: 70 }), few(3)),
  images: fc.array(imageLayer, { maxLength: 5 }),
  bridge: fc.constantFrom('flatten', 'globalAveragePooling2d'),
  vectors: fc.array(vectorLayer, { maxLength: 4 }),
})

it('tf.layers agrees on the shapes and counts of random networks', async () => {
  await tf.setBackend('cpu')
  fc.assert(
    fc.property(network, ({ shape, images, bridge, vectors }) => {
      const layers = [...images, bridge, ...vectors].map((layer) => `  - ${yamlText(layer)}\n`).join('')
      const text = `name: random\ninput: { shape: ${yamlText(shape)} }\nlayers:\n${layers}`
      const { spec, shaped, diagnostics } = checkText(text, 'random.yaml')
      // Networks drawn at random may well see little of their images.
      const told = diagnostics.filter(({ severity, code }) => severity !== 'hint' && code !== 'meaning/receptive-field')
      expect(told.map(({ message }) => message)).toEqual([])
      const program = lowerGraph(spec, shaped)
      const model = buildModel(program, 1)
      for (const node of shaped.nodes) {
        const layer = model.getLayer(node.name)
        expect((layer.outputShape as number[]).slice(1)).toEqual(toJsonShape(node.shape))
        expect(layer.weights.map((weight) => weight.shape)).toEqual(node.weights.map((weight) => [...weight.shape]))
        expect(layer.countParams()).toBe(node.params)
      }
      expect(model.countParams()).toBe(program.params)
      model.dispose()
    }),
    { numRuns: 100 },
  )
})
