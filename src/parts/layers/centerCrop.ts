/** Crops an image to its center. */
import { callsTo } from '../../language/calls.ts'
import { cropTooLarge } from '../../diagnostics/shapeMessages.ts'
import { formatShape, isKnown } from '../../language/dims.ts'
import { layerCall } from '../../language/lowerOptions.ts'
import { count } from '../../language/fields.ts'
import { defineLayer, ok, problem } from '../../language/layerDef.ts'
import { notAnImage } from '../../language/rank.ts'
import { fieldsOf } from '../../language/schema.ts'

const call = callsTo<typeof import('./preprocessing.run.ts')>()

const schema = fieldsOf(
  { height: count('The height of the crop.', 24), width: count('The width of the crop.', 24) },
  'Crops the center of height x width x channels.',
)

/** How many rows or columns are removed on each side; an odd one is removed at the end. */
function sides(size: number, left: number): readonly [number, number] {
  const before = Math.floor((size - left) / 2)
  return [before, size - left - before]
}

export const centerCrop = defineLayer({
  schema,
  shape({ height, width }, [image]) {
    const misfit = notAnImage('centerCrop', image)
    if (misfit) return misfit
    const [rows, columns, channels] = image
    const isTooHigh = isKnown(rows) && height > rows
    if (!isTooHigh && !(isKnown(columns) && width > columns)) return ok([height, width, channels!])
    const option = isTooHigh ? 'height' : 'width'
    const facts = { crop: `${height}x${width}`, input: formatShape(image) }
    const value = isTooHigh ? rows : columns
    return problem({ ...cropTooLarge(facts), option, suggestions: [{ kind: 'set', option, value }] })
  },
  weights: () => [],
  flops: () => 0,
  inputsAgreeIn: () => 'shape',
  /** tf.layers.centerCrop overwrites the size of its input and is off by one column, so `cropping2D` is used if sizes are known. */
  lower({ height, width }, { inputs: [image] }) {
    const [rows, columns] = image
    if (!isKnown(rows) || !isKnown(columns)) return call('centerCropLayer', { height, width })
    return layerCall('cropping2D', { cropping: [sides(rows, height), sides(columns, width)] })
  },
})
