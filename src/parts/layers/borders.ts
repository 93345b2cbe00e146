/** The option for the four sides of an image in padding and cropping. */
import * as Type from 'typebox'

type Border = number | readonly [number, number]

/** One number for all sides, [vertical, horizontal], or [[top, bottom], [left, right]]. */
export type Borders = number | readonly [Border, Border]

export function bordersField(description: string) {
  const amount = { type: 'integer', minimum: 0 }
  const pair = { type: 'array', items: amount, minItems: 2, maxItems: 2 }
  return Type.Unsafe<Borders>({
    description: `${description}: one number for all sides, [vertical, horizontal], or [[top, bottom], [left, right]].`,
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
}

/** Expands borders to a pair per axis: `1` → [[1, 1], [1, 1]], `[1, 2]` → [[1, 1], [2, 2]]. */
export function bordersOf(value: Borders): readonly (readonly [number, number])[] {
  const axes = typeof value === 'number' ? [value, value] : value
  return axes.map((border) => (typeof border === 'number' ? [border, border] : border))
}
