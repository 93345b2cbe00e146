/** Pooling over windows of a sequence, an image or a volume. Each layer has its own file, which names it. */
import { callsTo } from '../../language/calls.ts'
import type { Call } from '../../language/expression.ts'
import * as Type from 'typebox'
import type { TObject } from 'typebox'
import { isKnown, knownSize } from '../../language/dims.ts'
import { dataFormat, eachAxis, paddingField, perAxis } from '../../language/fields.ts'
import { defineLayer, ok, type NodePatch } from '../../language/layerDef.ts'
import { given, layerCall, type Given } from '../../language/lowerOptions.ts'
import { checkInputKind } from '../../language/rank.ts'
import { fieldsOf, withDefault, type Resolved } from '../../language/schema.ts'
import {
  describeSizes,
  joinChannels,
  leavesGaps,
  slideWindow,
  slidingInputs,
  splitChannels,
  windowReceptiveFields,
  type SlidingAxes,
  type Window,
} from './window.ts'

const call = callsTo<typeof import('./convolution.run.ts')>()

const stridesText = 'The step of the window. The default is its size, so that windows do not overlap.'

function windowFields(axes: SlidingAxes) {
  const byDefault = axes === 1 ? 2 : Array.from({ length: axes }, () => 2)
  return {
    poolSize: withDefault(perAxis(describeSizes('window', axes), axes, 2), byDefault),
    strides: Type.Optional(perAxis(stridesText, axes, 2)),
    padding: paddingField,
  }
}

function poolingSchema(axes: 2 | 3, description: string) {
  return fieldsOf({ ...windowFields(axes), dataFormat }, description)
}

/** Defines a pooling of sequences, which tf.layers only has with channels last. */
export function definePooling1d(
  factory: 'maxPooling1d' | 'averagePooling1d',
  description: string,
  patchesForLargeWindows: readonly NodePatch[] = [],
) {
  const schema = fieldsOf(windowFields(1), description)
  const complete = (options: Resolved<typeof schema>) => ({ ...options, dataFormat: 'channelsLast' }) as const
  return definePooling(factory, 1, schema, complete, (options) => layerCall(factory, options), patchesForLargeWindows)
}

export function definePooling2d(
  factory: 'maxPooling2d' | 'averagePooling2d',
  description: string,
  patchesForLargeWindows: readonly NodePatch[] = [],
) {
  return defineOwnPooling2d(factory, description, (options) => layerCall(factory, options), patchesForLargeWindows)
}

/**
 * Defines a 2-d pooling that tf.layers may lack.
 *
 * @param lower Builds the call of its factory.
 */
export function defineOwnPooling2d(
  name: string,
  description: string,
  lower: (options: Given<ReturnType<typeof poolingSchema>>) => Call,
  patchesForLargeWindows: readonly NodePatch[] = [],
) {
  return definePooling(name, 2, poolingSchema(2, description), (options) => options, lower, patchesForLargeWindows)
}

export function definePooling3d(factory: 'maxPooling3d' | 'averagePooling3d', description: string) {
  return definePooling(
    factory,
    3,
    poolingSchema(3, description),
    (options) => options,
    (options, hasGaps) => (hasGaps ? call(`${factory}Layer`, options) : layerCall(factory, options)),
  )
}

type PoolingOptions = Resolved<ReturnType<typeof poolingSchema>>

/**
 * Defines a layer that computes one value per window and channel, without weights.
 *
 * @param patchesForLargeWindows The patches that windows larger than the input need.
 */
function definePooling<const S extends TObject>(
  name: string,
  axes: SlidingAxes,
  schema: S,
  complete: (options: Resolved<S>) => PoolingOptions,
  lower: (options: Given<S>, hasGaps: boolean) => Call,
  patchesForLargeWindows: readonly NodePatch[] = [],
) {
  return defineLayer({
    schema,
    shape(written, [input]) {
      const misfit = checkInputKind(name, slidingInputs[axes], input)
      if (misfit) return misfit
      const options = complete(written)
      const { spatial, channels } = splitChannels(input, options.dataFormat)
      const slid = slideWindow(spatial, poolingWindow(options, axes))
      return slid.ok ? ok(joinChannels({ spatial: slid.value, channels }, options.dataFormat)) : slid
    },
    noOpReason(written) {
      const { poolSize, strides = poolSize } = complete(written)
      const isSingle = [...eachAxis(poolSize, axes), ...eachAxis(strides, axes)].every((size) => size === 1)
      return isSingle ? 'its windows contain one value each' : undefined
    },
    receptiveFields(written) {
      const { poolSize, strides = poolSize } = complete(written)
      const sizes = eachAxis(poolSize, axes)
      return windowReceptiveFields({ sizes, strides: eachAxis(strides, axes), dilations: sizes.map(() => 1) })
    },
    weights: () => [],
    nodePatches(written, [input]) {
      const { poolSize, dataFormat: format } = complete(written)
      const sizes = splitChannels(input, format).spatial
      const isWithin = eachAxis(poolSize, axes).every((window, axis) => isKnown(sizes[axis]!) && window <= sizes[axis])
      return isWithin ? [] : patchesForLargeWindows
    },
    flops(written, _inputs, output) {
      const window = knownSize(eachAxis(complete(written).poolSize, axes))
      return knownSize(output) * window
    },
    lower(written, { inputs: [input] }) {
      const options = complete(written)
      const { spatial } = splitChannels(input, options.dataFormat)
      return lower(given(schema, written), leavesGaps(spatial, poolingWindow(options, axes)))
    },
  })
}

function poolingWindow({ poolSize, strides, padding }: PoolingOptions, axes: number): Window {
  return {
    option: 'poolSize',
    sizes: eachAxis(poolSize, axes),
    strides: eachAxis(strides ?? poolSize, axes),
    dilations: Array.from({ length: axes }, () => 1),
    padding,
  }
}
