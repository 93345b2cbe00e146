/** Networks that are exported to ONNX and imported again: the same layers where the file says them, and the same outputs. */
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  buildAnalyzed,
  buildImported,
  buildSpec,
  compareOutputs,
  drawInputs,
  drawWeights,
  importAgain,
  layersOf,
} from '../../../../scripts/interop/importedNetworks.ts'
import { checkText } from '../../../../src/analyze.ts'
import { startEngine } from '../../../../src/runtime/engines/startEngine.ts'
import { encodeNetwork } from '../../../../src/backends/onnx/encodeNetwork.ts'
import { decodeModel } from '../../../../src/tasks/import/onnx/decodeModel.ts'
import { nodeHost } from '../../../../src/system/nodeHost.ts'
import { layerRows } from '../../../backends/export/layerRows.ts'
import { ofLayers } from '../../../backends/export/rowNetworks.ts'

const dropped = { as: ['activation'], because: 'the file has nothing of it, since it does nothing in prediction' }
const turned = (type: string) => ({
  as: [type, `permute ${type}`],
  because: 'channels come last in an imported network',
})

/** The layers that come back as others. */
const others: Readonly<Record<string, { readonly as: readonly string[]; readonly because: string }>> = {
  input: { as: ['dense'], because: 'its network has a dense layer' },
  activation: { as: ['elu', 'softmax', 'activation'], because: 'some functions have a layer of their own' },
  permute: {
    as: ['activation', 'activation permute'],
    because: 'an image with channels first comes back with channels last',
  },
  reshape: { as: ['flatten', 'reshape'], because: 'a reshape to one axis is a flatten' },
  globalMaxPooling2d: turned('globalMaxPooling2d'),
  globalAveragePooling2d: turned('globalAveragePooling2d'),
  zeroPadding2d: turned('zeroPadding2d'),
  cropping2D: turned('cropping2D'),
  flatten: turned('flatten'),
  rnn: { as: ['lstm', 'gru', 'simpleRNN', 'lstm simpleRNN'], because: 'each cell comes back as its layer' },
  centerCrop: { as: ['cropping2D'], because: 'the file has the borders that it cuts' },
  dropout: dropped,
  spatialDropout1d: dropped,
  alphaDropout: dropped,
  gaussianDropout: dropped,
  gaussianNoise: dropped,
}

const rows = Object.keys(layerRows).flatMap((type) => {
  const ofType = ofLayers.filter(({ name }) => name.startsWith(`${type}-`))
  const some = [ofType[0], ofType.at(ofType.length / 2), ofType.at(-1)]
  return ofType.length === 0 ? [] : [{ type, networks: [...new Set(some)].filter((one) => one !== undefined) }]
})

describe('exported to ONNX and imported again', () => {
  beforeAll(() => startEngine('cpu'))

  it.each(rows)('$type', ({ type, networks }) => {
    for (const { text, below, maskValue } of networks) {
      const source = buildSpec(`name: network\n${text}`)
      drawWeights(source.model)
      const read = importAgain(source)
      expect(read.problems, text).toEqual([])
      const imported = buildImported(read)
      expect(compareOutputs(source, read, imported, drawInputs(source.model, below, maskValue)), text).toBeLessThan(
        1e-5,
      )
      const layers = read.network.layers.filter((layer) => layer.type !== 'input').map((layer) => layer.type)
      expect(others[type]?.as ?? [type], text).toContain(layers.join(' '))
    }
  })

  it.each(['configs/mnist-cnn.yaml', 'configs/zoo/lenet-5.yaml', 'configs/zoo/resnet-20.yaml'])(
    '%s is the same network',
    (file) => {
      const source = buildAnalyzed(checkText(readFileSync(file, 'utf8'), file, { host: nodeHost }))
      const read = importAgain(source)
      expect(read.problems).toEqual([])
      const imported = buildImported(read)
      expect(layersOf(imported.analysis)).toEqual(layersOf(source.analysis))
      expect(compareOutputs(source, read, imported, drawInputs(source.model))).toBeLessThan(1e-5)
    },
  )

  it.each([
    {
      what: 'a normalization of an image of one pixel without one of its axes',
      text: 'input: { shape: [1, 1, 1, 3] }\nlayers: [conv3d: { filters: 4, kernelSize: 1 }, reshape: { targetShape: [1, 1, 4] }, batchNormalization]',
    },
    {
      what: 'slopes of an image of one pixel without one of its axes',
      text: 'input: { shape: [1, 1, 1, 3] }\nlayers: [conv3d: { filters: 4, kernelSize: 1 }, reshape: { targetShape: [1, 4] }, prelu]',
    },
    {
      what: 'layers after a flattened image with channels first, before an output',
      text: 'input: { shape: [3, 2, 4] }\nlayers: [flatten: { dataFormat: channelsFirst }, batchNormalization, prelu]',
    },
  ])('$what', ({ text }) => {
    const source = buildSpec(`name: network\n${text}`)
    drawWeights(source.model)
    const read = importAgain(source)
    expect(read.problems).toEqual([])
    expect(compareOutputs(source, read, buildImported(read), drawInputs(source.model))).toBeLessThan(1e-5)
  })

  it('stores no array that no node takes', () => {
    const { program, model } = buildSpec(
      'name: network\ninput: { shape: [4, 3] }\nlayers: [gru: { units: 2, activation: softmax }]',
    )
    const { nodes, tensors } = decodeModel(encodeNetwork(program, model, undefined, '1.0.0'))
    const taken = new Set(nodes.flatMap(({ inputs }) => inputs))
    expect(tensors.filter(({ name }) => !taken.has(name))).toEqual([])
  })
})
