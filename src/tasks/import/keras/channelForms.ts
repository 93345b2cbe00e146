/** Layers of Keras that treat each channel by itself, which are depthwise convolutions in the language. */
import type { JsonObject } from '../readJson.ts'
import { unknownShape, type GivenLayer, type Step } from './layerForm.ts'
import type { StoredArray } from './storedArray.ts'

/** Whether a convolution has a group for each channel of its input. */
export function isDepthwise({ config, inputs: [image] }: GivenLayer): boolean {
  const { groups, filters } = config
  const isGrouped = typeof groups === 'number' && groups > 1 && (image === unknownShape || groups === image?.at(-1))
  return isGrouped && typeof filters === 'number' && filters % groups === 0
}

/** The config of a convolution with a group for each channel, as that of a `DepthwiseConv2D`. */
export function depthwiseConfig({ groups, filters, ...config }: JsonObject): JsonObject {
  const renamed = Object.entries(config).map(([key, value]) => [key.replace(/^kernel_(?!size)/, 'depthwise_'), value])
  const multiplier = Number(filters) / Number(groups)
  return { ...(Object.fromEntries(renamed) as JsonObject), depth_multiplier: multiplier }
}

/** Kernels are [height, width, 1, groups · multiplier]; those of a depthwise convolution have both factors as axes. */
export function groupedArrays(stored: readonly StoredArray[], { groups }: JsonObject): readonly StoredArray[] {
  const [kernel, ...others] = stored
  const [height, width, perGroup, filters] = kernel?.shape ?? []
  if (kernel === undefined || typeof groups !== 'number' || groups === 1 || perGroup !== 1) return stored
  return [{ ...kernel, shape: [height!, width!, groups, filters! / groups] }, ...others]
}

/** A factor for each channel of an image, as ConvNeXt has it: a depthwise convolution with a kernel of 1. */
export function layerScaleStep({ config, place, inputs: [image], translation }: GivenLayer): Step {
  const { init_values: value, projection_dim: size } = config
  const hasChannels = image === unknownShape || (image?.length === 3 && size === image.at(-1))
  if (!hasChannels || typeof value !== 'number') {
    translation.problems.add(place, 'a factor for each channel of an image can be imported, but no other')
    return { type: 'unknown', options: {} }
  }
  const initializer = translation.hasWeights ? {} : { depthwiseInitializer: { constant: { value } } }
  return { type: 'depthwiseConv2d', options: { kernelSize: 1, ...initializer, useBias: false } }
}

export function layerScaleArrays(stored: readonly StoredArray[]): readonly StoredArray[] {
  return stored.map((array) => ({ ...array, shape: [1, 1, ...array.shape, 1] }))
}
