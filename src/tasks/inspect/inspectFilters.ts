/** Draws the weights of the first layer with a kernel: the filters of a convolution, or the weights of each dense unit. */
import type * as tf from '@tensorflow/tfjs'
import { fetchValues } from '../../runtime/engines/fetchValues.ts'
import type { FilterInspection, Picture } from './inspection.ts'
import type { DrawPixels } from './pictures.ts'

/** The most filters that are drawn. */
const mostPictured = 64

/** The weights of a layer as pictures: `values[((filter · height + y) · width + x) · channels + c]`. */
interface FilterBank {
  readonly count: number
  readonly height: number
  readonly width: number
  readonly channels: number
  readonly values: Float32Array
}

/**
 * Draws the filters of the first layer with a kernel. Returns undefined if samples are not images, or if its kernel does not
 * extend over height and width.
 */
export async function inspectFilters(
  model: tf.LayersModel,
  sampleShape: readonly number[],
  draw: DrawPixels,
): Promise<FilterInspection | undefined> {
  const isKernel = ({ originalName }: tf.layers.Layer['weights'][number]) => /kernel/i.test(originalName)
  const layer = model.layers.find(({ weights }) => weights.some(isKernel))
  const kernel = layer?.weights.find(isKernel)?.read()
  if (layer === undefined || kernel === undefined) return undefined
  await fetchValues([kernel])
  const bank = bankOf(kernel.shape, kernel.dataSync() as Float32Array, sampleShape)
  if (bank === undefined) return undefined
  const colours = bank.channels === 3 ? 'rgb' : 'sign'
  const pictures: Picture[] = []
  for (let filter = 0; filter < Math.min(bank.count, mostPictured); filter += 1)
    pictures.push(await pictureFilter(bank, filter, draw))
  return { layer: layer.name, type: layer.getClassName(), count: bank.count, colours, pictures }
}

function bankOf(
  shape: readonly number[],
  values: Float32Array,
  sampleShape: readonly number[],
): FilterBank | undefined {
  const isPlane = sampleShape.length === 3
  if (isPlane && shape.length === 4) {
    const [height, width, depth, count] = shape as [number, number, number, number]
    if (Math.min(height, width) < 2) return undefined
    return toBank(values, height, width, depth, count)
  }
  if (isPlane && shape.length === 2) {
    const [height, width, depth] = sampleShape as [number, number, number]
    const [inputs, count] = shape as [number, number]
    return inputs === height * width * depth ? toBank(values, height, width, depth, count) : undefined
  }
  return undefined
}

/** Moves the filters from the last axis to the first. Three channels stay colours; other numbers of channels are averaged. */
function toBank(values: Float32Array, height: number, width: number, depth: number, count: number): FilterBank {
  const channels = depth === 3 ? 3 : 1
  const bank = new Float32Array(count * height * width * channels)
  const share = channels === depth ? 1 : 1 / depth
  for (let place = 0; place < height * width * depth; place += 1) {
    const pixel = Math.floor(place / depth)
    const channel = channels === 1 ? 0 : place % depth
    for (let filter = 0; filter < count; filter += 1) {
      const to = (filter * height * width + pixel) * channels + channel
      bank[to] = bank[to]! + values[place * count + filter]! * share
    }
  }
  return { count, height, width, channels, values: bank }
}

/** Draws a filter with the whole range of colours: 0 is mid-grey for colours, and transparent if only the sign is shown. */
async function pictureFilter(bank: FilterBank, filter: number, draw: DrawPixels): Promise<Picture> {
  const { height, width, channels, values } = bank
  const size = height * width * channels
  const own = values.subarray(filter * size, (filter + 1) * size)
  const largest = own.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1
  if (channels === 3) {
    const greyed = Uint8Array.from(own, (value) => Math.round(127.5 + (127.5 * value) / largest))
    return await draw(greyed, width, height, 3)
  }
  const pixels = Array.from(own).flatMap((value) => signColour(value / largest))
  return await draw(Uint8Array.from(pixels), width, height, 4)
}

/** Blue for positive weights, orange for negative ones; both are visible on light and dark backgrounds. */
export function signColour(part: number): number[] {
  const alpha = Math.round(255 * Math.abs(part))
  return part >= 0 ? [63, 131, 240, alpha] : [230, 126, 34, alpha]
}
