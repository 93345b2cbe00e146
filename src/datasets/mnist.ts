/** MNIST (LeCun et al., 1998): handwritten digits. */
import { call, reference } from '../layers/expression.ts'
import { fieldsOf } from '../layers/schema.ts'
import { defineDataset } from './datasetDef.ts'

export const mnist = defineDataset({
  schema: fieldsOf({}, 'Handwritten digits: 60,000 images of 28x28x1 to train on and 10,000 to test, 10 classes.'),
  describe: () => ({
    sampleShape: [28, 28, 1],
    classes: 10,
    classNames: [...'0123456789'],
    trainCount: 60_000,
  }),
  lower: () => call('loadMnist', reference('folder')),
})
