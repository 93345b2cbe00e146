/** CIFAR-10 (Krizhevsky, 2009): small colour photographs. */
import { call, reference } from '../layers/expression.ts'
import { fieldsOf } from '../layers/schema.ts'
import { defineDataset } from './datasetDef.ts'

export const cifar10 = defineDataset({
  schema: fieldsOf({}, 'Colour photographs: 50,000 images of 32x32x3 to train on and 10,000 to test, 10 classes.'),
  describe: () => ({
    sampleShape: [32, 32, 3],
    classes: 10,
    classNames: ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'],
    trainCount: 50_000,
  }),
  lower: () => call('loadCifar10', reference('folder')),
})
