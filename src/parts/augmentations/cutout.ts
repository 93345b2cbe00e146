/** Hides a square of the image (DeVries and Taylor, 2017). */
import { callsTo } from '../../language/calls.ts'
import { count } from '../../language/fields.ts'
import { fieldsOf } from '../../language/schema.ts'
import { defineAugmentation } from '../../language/augmentationDef.ts'

const call = callsTo<typeof import('./cutout.run.ts')>()

const schema = fieldsOf(
  { size: count('Height and width of the square, in pixels.', 8) },
  'Blackens a random square of the image. At the edges, part of the square may be outside.',
)

export const cutout = defineAugmentation({
  aliases: { near: ['RandomErasing'] },
  schema,
  misfits({ size }, [height, width]) {
    const side = Math.min(height, width)
    const usual = `a quarter to half of the side is typical: ${Math.max(1, Math.round(side / 4))} to ${Math.max(1, Math.round(side / 2))}`
    // Centered on the image, the square covers every pixel.
    if (size >= Math.max(height, width)) {
      const message = `a ${size}x${size} square may hide the whole ${height}x${width} image`
      return [{ option: 'size', kind: 'wrong', message, help: usual }]
    }
    if (size <= 0.75 * side) return []
    const message = `a ${size}x${size} square hides most of a ${height}x${width} image`
    return [{ option: 'size', kind: 'odd', message, help: usual }]
  },
  lower: (options) => call('cutout', options),
})
