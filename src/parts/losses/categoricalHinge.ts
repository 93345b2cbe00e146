/** The margin between the true class and the others. */
import { defineLoss, withoutOptions } from '../../language/lossDef.ts'

export const categoricalHinge = defineLoss('categoricalHinge', {
  schema: withoutOptions('How far the value of the true class is from leading that of every other by 1.'),
  labels: { classes: 'well' },
  needsOneClass: true,
  leastUnits: () => 2,
})
