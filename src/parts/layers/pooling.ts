/** Pooling over windows of a sequence, an image or a volume; each layer has a file of its own that states its name. */
import { Type, type TObject } from 'typebox'
import { knownSize } from '../../language/dims.ts'
import { dataFormat, eachAxis, paddingField, perAxis } from '../../language/fields.ts'
import { defineLayer, ok } from '../../language/layerDef.ts'
import { lowerCall } from '../../language/lowerOptions.ts'
import { misfitOf, type InputKind } from '../../language/rank.ts'
import { fieldsOf, withDefault, type Resolved } from '../../language/schema.ts'
import { joinChannels, leavesGaps, slideWindow, splitChannels, windowSights, type Window } from './window.ts'

const sizesByAxes: Readonly<Record<number, { readonly kind: InputKind; readonly text: string }>> = {
  1: { kind: 'sequence', text: 'Length of the window.' },
  2: { kind: 'image', text: 'Height and width of the window; one number for both.' },
  3: { kind: 'volume', text: 'Depth, height and width of the window; one number for all.' },
}

const stridesText = 'How far the window moves; by default its own size, so that windows do not overlap.'

function windowFields(axes: number) {
  const byDefault = axes === 1 ? 2 : Array.from({ length: axes }, () => 2)
  return {
    poolSize: withDefault(perAxis(sizesByAxes[axes]!.text, axes, 2), byDefault),
    strides: Type.Optional(perAxis(stridesText, axes, 2)),
    padding: paddingField,
  }
}

export function poolingSchema(axes: 2 | 3, description: string) {
  return fieldsOf({ ...windowFields(axes), dataFormat }, description)
}

/** Pooling of sequences, which tf.layers has channels last only. */
export function definePooling1d(factory: string, description: string) {
  const schema = fieldsOf(windowFields(1), description)
  return definePooling(factory, 1, schema, (options) => ({ ...options, dataFormat: 'channelsLast' }))
}

/**
 * A layer that takes one value from each window and has no weights.
 *
 * @param callee What makes the layer, where that is not tf.layers.
 */
export function definePooling2d(factory: string, description: string, callee?: string) {
  return definePooling(factory, 2, poolingSchema(2, description), (options) => options, callee)
}

export function definePooling3d(factory: string, description: string) {
  return definePooling(factory, 3, poolingSchema(3, description), (options) => options)
}

type PoolingOptions = Resolved<ReturnType<typeof poolingSchema>>

function definePooling<const S extends TObject>(
  factory: string,
  axes: number,
  schema: S,
  complete: (options: Resolved<S>) => PoolingOptions,
  callee = `tf.layers.${factory}`,
) {
  return defineLayer({
    schema,
    shape(given, [input]) {
      const misfit = misfitOf(factory, sizesByAxes[axes]!.kind, input!)
      if (misfit) return misfit
      const options = complete(given)
      const { spatial, channels } = splitChannels(input!, options.dataFormat)
      const slid = slideWindow(spatial, poolingWindow(options, axes))
      return slid.ok ? ok(joinChannels({ spatial: slid.value, channels }, options.dataFormat)) : slid
    },
    idle(given) {
      const { poolSize, strides = poolSize } = complete(given)
      const isSingle = [...eachAxis(poolSize, axes), ...eachAxis(strides, axes)].every((size) => size === 1)
      return isSingle ? 'its windows hold one value each' : undefined
    },
    sees(given) {
      const { poolSize, strides = poolSize } = complete(given)
      const sizes = eachAxis(poolSize, axes)
      return windowSights({ sizes, strides: eachAxis(strides, axes), dilations: sizes.map(() => 1) })
    },
    weights: () => [],
    flops(given, _inputs, output) {
      const window = knownSize(eachAxis(complete(given).poolSize, axes))
      return knownSize(output) * window
    },
    lower(given, { inputs: [input] }) {
      const options = complete(given)
      const { spatial } = splitChannels(input!, options.dataFormat)
      const hasGaps = leavesGaps(spatial, poolingWindow(options, axes))
      return lowerCall(hasGaps ? `${factory}Layer` : callee, schema, given)
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
