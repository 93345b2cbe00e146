/** The published networks of configs/zoo: their counts of parameters, exactly, and each built with tf.layers. */
import { readdirSync, readFileSync } from 'node:fs'
import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { buildModel } from '../../src/backends/interpret/interpret.ts'
import { checkText } from '../../src/analyze.ts'
import { toJsonShape } from '../../src/language/dims.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'

const folder = new URL('../../configs/zoo/', import.meta.url)

/** The file, its parameters, those that training changes, and the shape of each output. */
const published: readonly (readonly [name: string, params: number, trainable: number, outputs: unknown])[] = [
  // The sums of the layers in LeCun et al. 1998, with full connections to the second convolution.
  ['lenet-5', 61_706, 61_706, [[10]]],
  // torchvision.models.alexnet, "num_params": 61100840
  ['alexnet', 61_100_840, 61_100_840, [[1000]]],
  // keras.applications.VGG16, summary()
  ['vgg-16', 138_357_544, 138_357_544, [[1000]]],
  // keras examples, cifar10_resnet.py with n = 3, version 1, summary()
  ['resnet-20', 274_442, 273_066, [[10]]],
  // keras.applications.ResNet50, summary()
  ['resnet-50', 25_636_712, 25_583_592, [[1000]]],
  // keras.applications.MobileNet, summary()
  ['mobilenet', 4_253_864, 4_231_976, [[1000]]],
  // keras.applications.DenseNet121, summary()
  ['densenet-121', 8_062_504, 7_978_856, [[1000]]],
  // github.com/zhixuhao/unet, model.py, summary()
  ['u-net', 31_031_685, 31_031_685, [[256, 256, 1]]],
  // keras.io/examples/nlp/bidirectional_lstm_imdb
  ['text-lstm', 2_757_761, 2_757_761, [[1]]],
  // keras.io/guides/working_with_rnns: 361,866, less the second bias of its GRU, 3·256
  ['text-gru', 361_866 - 3 * 256, 361_866 - 3 * 256, [[10]]],
  // keras.io/examples/timeseries/timeseries_classification_from_scratch
  ['timeseries-conv1d', 25_858, 25_474, [[2]]],
  // keras.io/examples/vision/3D_image_classification
  ['volume-conv3d', 1_352_897, 1_351_873, [[1]]],
  // keras.io/guides/functional_api, "Models with multiple inputs and outputs": the sums of its layers
  ['ticket-towers', 1_392_097, 1_392_097, [[1], [4]]],
]

/** The largest number of lines that each network may take in the file, from its first variable or block to its last layer. */
const longest: readonly (readonly [name: string, lines: number])[] = [
  ['resnet-20', 30],
  ['resnet-50', 45],
  ['mobilenet', 25],
  ['vgg-16', 25],
  ['u-net', 40],
]

const analyze = (name: string) => checkText(readFileSync(new URL(`${name}.yaml`, folder), 'utf8'), `${name}.yaml`)

describe('configs/zoo', () => {
  it('holds the networks of this table', () => {
    const names = published.map(([name]) => `${name}.yaml`)
    expect(readdirSync(folder).toSorted()).toEqual(names.toSorted())
  })

  it.each(published)('%s has %i parameters, and no diagnostics', (name, params, trainable, outputs) => {
    const { spec, shaped, diagnostics } = analyze(name)
    expect(diagnostics).toEqual([])
    expect(spec.name).toBe(name)
    expect(shaped.nodes.reduce((sum, node) => sum + node.params, 0)).toBe(params)
    expect(shaped.nodes.reduce((sum, node) => sum + node.trainableParams, 0)).toBe(trainable)
    const shapes = shaped.outputs.map((output) => shaped.nodes.find((node) => node.name === output)!.shape)
    expect(shapes.map(toJsonShape)).toEqual(outputs)
  })

  it.each(longest)('%s takes at most %i lines', (name, most) => {
    const lines = networkLines(readFileSync(new URL(`${name}.yaml`, folder), 'utf8'))
    expect(lines[0]).toMatch(/^(x-\w+|vars|blocks):/)
    expect(lines.length).toBeLessThanOrEqual(most)
    expect(lines.filter((line) => line.length > 120)).toEqual([])
  })
})

/** The lines of a spec from the first variable, block or anchor to the last layer, without those that only have a comment. */
function networkLines(text: string): string[] {
  const lines = text.split('\n').filter((line) => !/^\s*(#|$)/.test(line))
  const start = lines.findIndex((line) => /^(x-\w+|vars|blocks|layers):/.test(line))
  const list = lines.findIndex((line) => line.startsWith('layers:'))
  const end = lines.findIndex((line, index) => index > list && /^\w/.test(line))
  return lines.slice(start, end < 0 ? lines.length : end)
}

/** What draws numbers, or orthogonalizes, takes minutes for a hundred million weights; zeros take none. */
const slow = [tf.initializers.orthogonal({}), tf.initializers.varianceScaling({}), tf.initializers.randomUniform({})]

describe('tf.layers', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu')
    for (const initializer of slow) {
      const prototype = Object.getPrototypeOf(initializer) as { apply(shape: number[]): tf.Tensor }
      vi.spyOn(prototype, 'apply').mockImplementation((shape) => tf.zeros(shape))
    }
  })

  afterAll(() => void vi.restoreAllMocks())

  it.each(published)('builds %s with %i parameters, and the same shapes', (name, params) => {
    const { spec, shaped } = analyze(name)
    const model = buildModel(lowerGraph(spec, shaped), 1)
    expect(model.countParams()).toBe(params)
    for (const node of shaped.nodes) {
      const layer = model.getLayer(node.name)
      expect((layer.outputShape as number[]).slice(1)).toEqual(toJsonShape(node.shape))
      expect(layer.weights.map((weight) => weight.shape)).toEqual(node.weights.map(({ shape }) => [...shape]))
    }
    model.dispose()
  })
})
