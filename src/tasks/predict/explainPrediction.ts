/** Opens the network of a run to predict single images, with the activations of each layer and the filters of the first one. */
import * as tf from '@tensorflow/tfjs'
import { startEngine } from '../../runtime/engines/startEngine.ts'
import type { ModelMetadata } from '../../runtime/runs/modelMetadata.ts'
import { unreadableData } from '../../system/knownError.ts'
import { inspectFilters, signColour } from '../inspect/inspectFilters.ts'
import type { FilterInspection, Picture } from '../inspect/inspection.ts'
import type { DrawPixels } from '../inspect/pictures.ts'
import type { PredictedOutput } from './prediction.ts'
import { applyNetwork, predictSamples, type NetworkOutput, type PredictedNetwork } from './predictRun.ts'
import { createInputReader, type InputForm } from './readInputs.ts'
import { loadRunWeights } from './runWeights.ts'

export interface ExplainedPrediction {
  readonly outputs: readonly PredictedOutput[]
  /** The image as the network sees it. */
  readonly input: Picture
  readonly layers: readonly LayerActivations[]
  readonly filters?: FilterInspection
}

/** The output of a layer for one input. */
export interface LayerActivations {
  readonly name: string
  readonly type: string
  /** Without the batch. */
  readonly shape: readonly number[]
  /** Pictures of the first channels of an output with height, width and channels; one picture of an output with two axes. */
  readonly maps: readonly Picture[]
  /** The first values of an output with one axis. */
  readonly units: readonly number[]
}

export interface OpenedNetwork {
  /** @throws KnownError if the file is not an image. */
  explain(path: string, invert: boolean): Promise<ExplainedPrediction>
  dispose(): void
}

/** The most layers, maps of a layer and values of a layer that are returned, and the longest side of a map. */
const [mostLayers, mostMaps, mostUnits, longestSide] = [80, 16, 256, 64]

/** @throws KnownError if the engine does not start or a file of the run is damaged. */
export async function openNetwork(
  network: PredictedNetwork,
  folder: string,
  { metadata, fit, draw }: { metadata: ModelMetadata; fit: InputForm['fit']; draw: DrawPixels },
): Promise<OpenedNetwork> {
  await startEngine('auto')
  const model = network.buildModel()
  await loadRunWeights(model, folder)
  const probed = model.layers.filter((layer) => layer.getClassName() !== 'InputLayer').slice(0, mostLayers)
  const outputs = probed.map((layer) => [layer.getOutputAt(0)].flat()[0]!)
  const probe = tf.model({ inputs: model.inputs, outputs })
  const { shape } = metadata.preprocessing
  const filters = await inspectFilters(model, shape, draw)
  return {
    dispose: () => model.dispose(),
    async explain(path, invert) {
      const [sample] = await createInputReader({ shape, fit, invert })(path)
      if (sample === undefined || 'problem' in sample) {
        const problem = sample?.problem ?? 'it is empty'
        throw unreadableData(`The image cannot be read: ${problem}`, 'Use a PNG or JPEG file.')
      }
      const [prediction] = await predictSamples(model, network, [sample], { metadata, top: metadata.classNames.length })
      const values = await applyNetwork(probe, [sample], metadata)
      const layers: LayerActivations[] = []
      for (const [index, layer] of probed.entries()) layers.push(await describeActivations(layer, values[index]!, draw))
      const [height = 1, width = 1, channels = 1] = shape
      const input = await draw(Uint8Array.from(sample.numbers), width, height, channels)
      return { outputs: prediction!.outputs, input, layers, ...(filters && { filters }) }
    },
  }
}

async function describeActivations(
  layer: tf.layers.Layer,
  { shape, values }: NetworkOutput,
  draw: DrawPixels,
): Promise<LayerActivations> {
  const about = { name: layer.name, type: layer.getClassName(), shape }
  if (shape.length === 1) return { ...about, maps: [], units: [...values.subarray(0, mostUnits)] }
  if (shape.length !== 2 && shape.length !== 3) return { ...about, maps: [], units: [] }
  const [height, width, channels = 1] = shape as [number, number, number?]
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1
  const maps: Picture[] = []
  for (let channel = 0; channel < Math.min(channels, mostMaps); channel += 1) {
    maps.push(await drawMap({ values, height, width, channels, channel, largest }, draw))
  }
  return { ...about, maps, units: [] }
}

/** One channel of an output; the colours of all channels of a layer have the same scale. */
interface ActivationMap {
  readonly values: Float32Array
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly channel: number
  readonly largest: number
}

/** Draws every second or third pixel of a large map. */
async function drawMap(map: ActivationMap, draw: DrawPixels): Promise<Picture> {
  const { values, height, width, channels, channel, largest } = map
  const step = Math.ceil(Math.max(height, width) / longestSide)
  const [rows, columns] = [Math.ceil(height / step), Math.ceil(width / step)]
  const pixels = new Uint8Array(rows * columns * 4)
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const value = values[(row * step * width + column * step) * channels + channel]!
      pixels.set(signColour(value / largest), (row * columns + column) * 4)
    }
  }
  return await draw(pixels, columns, rows, 4)
}
