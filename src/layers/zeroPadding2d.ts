/** Zeros around an image. */
import { Type } from 'typebox'
import { addDim, type Dim } from './dims.ts'
import { dataFormat } from './fields.ts'
import { defineLayer, ok } from './layerDef.ts'
import { call } from './expression.ts'
import { notAnImage } from './rank.ts'
import { fieldsOf, withDefault } from './schema.ts'
import { joinChannels, splitChannels } from './window.ts'

type Border = number | readonly [number, number]

const amount = Type.Integer({ minimum: 0 })
const pair = { type: 'array', items: amount, minItems: 2, maxItems: 2 }
const padding = Type.Unsafe<number | readonly [Border, Border]>({
  description: 'How many zeros: one number for all sides, [vertical, horizontal], or [[top, bottom], [left, right]].',
  examples: [
    1,
    [1, 2],
    [
      [1, 0],
      [1, 0],
    ],
  ],
  anyOf: [amount, { type: 'array', items: { anyOf: [amount, pair] }, minItems: 2, maxItems: 2 }],
})

const schema = fieldsOf(
  {
    padding: withDefault(padding, [
      [1, 1],
      [1, 1],
    ]),
    dataFormat,
  },
  'Zeros around height x width x channels.',
)

/** `1` → [[1, 1], [1, 1]], `[1, 2]` → [[1, 1], [2, 2]]. */
function bordersOf(value: number | readonly [Border, Border]): readonly (readonly [number, number])[] {
  const axes = typeof value === 'number' ? [value, value] : value
  return axes.map((border) => (typeof border === 'number' ? [border, border] : border))
}

export const zeroPadding2d = defineLayer({
  schema,
  shape(options, [image]) {
    const misfit = notAnImage('zeroPadding2d', image!)
    if (misfit) return misfit
    const { spatial, channels } = splitChannels(image!, options.dataFormat)
    const borders = bordersOf(options.padding)
    const padded: Dim[] = spatial.map((size, axis) => addDim(size, borders[axis]![0] + borders[axis]![1]))
    return ok(joinChannels({ spatial: padded, channels }, options.dataFormat))
  },
  weights: () => [],
  flops: () => 0,
  lower({ padding: value, dataFormat: format }) {
    return call('tf.layers.zeroPadding2d', {
      padding: bordersOf(value),
      ...(format === 'channelsFirst' ? { dataFormat: format } : {}),
    })
  },
})
