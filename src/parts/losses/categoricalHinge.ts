/** The margin between the true class and the others. */
import { defineLoss, withoutOptions } from '../../language/lossDef.ts'
import { eachOf } from '../../language/scriptForms.ts'

export const categoricalHinge = defineLoss('categoricalHinge', {
  schema: withoutOptions('How far the value of the true class is from leading that of every other by 1.'),
  labels: { classes: 'well' },
  needsOneClass: true,
  leastUnits: () => 2,
  script: (_options, { targets, predictions }) => eachOf('categoricalHinge', targets, predictions),
})
