/** A table of the logs, for spreadsheets: Keras's CSVLogger. */
import { call } from '../../language/expression.ts'
import { oneOf } from '../../language/fields.ts'
import { fieldsOf, withDefault } from '../../language/schema.ts'
import { defineCallback } from '../../language/callbackDef.ts'

const schema = fieldsOf(
  {
    separator: withDefault(
      oneOf([',', ';', '\t', '|'] as const, { description: 'What stands between two values.', examples: [';'] }),
      ',',
    ),
  },
  'Writes the logs of each epoch to `metrics.csv` in the folder of the run.',
)

export const csvLog = defineCallback({
  aliases: { same: ['CSVLogger'] },
  schema,
  lower: ({ separator }) => (separator === ',' ? call('csvLog') : call('csvLog', { separator })),
})
