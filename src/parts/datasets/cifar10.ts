/** CIFAR-10 (Krizhevsky, 2009): small colour photographs. */
import { fieldsOf, withAliases } from '../../language/schema.ts'
import { cifar10Classes } from '../../runtime/formats/publishedClasses.ts'
import { definePublishedDataset } from '../../language/datasetDef.ts'
import { publishedPath } from '../../language/datasetFields.ts'

export const cifar10 = withAliases(
  definePublishedDataset('loadCifar10', 'readCifar10', {
    example: {},
    schema: fieldsOf(
      { path: publishedPath },
      'Colour photographs: 50,000 images of 32x32x3 to train on and 10,000 to test, 10 classes.',
    ),
    scriptPlace: [
      'data/cifar-10-batches-bin',
      'Get cs.toronto.edu/~kriz/cifar-10-binary.tar.gz, or name its folder with --data.',
    ],
    facts: {
      sampleShape: [32, 32, 3],
      classes: 10,
      classNames: cifar10Classes,
      trainCount: 50_000,
    },
  }),
  { near: ['cifar'] },
)
