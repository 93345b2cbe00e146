/** CIFAR-10 (Krizhevsky, 2009): small color photographs. */
import { callsTo } from '../../language/calls.ts'
import { awaited, reference } from '../../language/expression.ts'
import { fieldsOf } from '../../language/schema.ts'
import { cifar10Classes } from '../../runtime/formats/publishedClasses.ts'
import { defineDataset } from '../../language/datasetDef.ts'
import { downloadsOf, publishedPath, scaledBytes } from '../../language/datasetFields.ts'

const load = callsTo<typeof import('./cifar10.fast.ts')>()
const read = callsTo<typeof import('./cifar10.run.ts')>()

const help = 'Get cs.toronto.edu/~kriz/cifar-10-binary.tar.gz, or pass its folder with --data.'

export const cifar10 = defineDataset({
  example: {},
  aliases: { near: ['cifar'] },
  schema: fieldsOf(
    { path: publishedPath },
    'Color photographs: 50,000 training and 10,000 test images of 32x32x3, 10 classes.',
  ),
  describe: () => ({
    sampleShape: [32, 32, 3],
    classes: 10,
    classNames: cifar10Classes,
    trainCount: 50_000,
    ...scaledBytes,
  }),
  lower: ({ path }) => load('loadCifar10', reference('folder'), path),
  script: ({ path = 'data/cifar-10-batches-bin' }) => awaited(read('readCifar10', reference('folder', path), help)),
  downloads: downloadsOf('https://www.cs.toronto.edu/~kriz', [
    ['cifar-10-binary.tar.gz', 170052171, 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd'],
  ]),
})
