/** Fashion-MNIST (Xiao et al., 2017): pictures of clothes. */
import { callsTo } from '../../language/calls.ts'
import { awaited, reference } from '../../language/expression.ts'
import { fieldsOf } from '../../language/schema.ts'
import { fashionMnistClasses } from '../../runtime/formats/publishedClasses.ts'
import { defineDataset } from '../../language/datasetDef.ts'
import { downloadsOf, publishedPath, scaledBytes } from '../../language/datasetFields.ts'

const load = callsTo<typeof import('./fashionMnist.fast.ts')>()
const read = callsTo<typeof import('./idx.run.ts')>()

const help = 'Download github.com/zalandoresearch/fashion-mnist, or pass its folder with --data.'

export const fashionMnist = defineDataset({
  example: {},
  schema: fieldsOf(
    { path: publishedPath },
    'Images of clothes: 60,000 training and 10,000 test images of 28x28x1, 10 classes.',
  ),
  describe: () => ({
    sampleShape: [28, 28, 1],
    classes: 10,
    classNames: fashionMnistClasses,
    trainCount: 60_000,
    ...scaledBytes,
  }),
  lower: ({ path }) => load('loadFashionMnist', reference('folder'), path),
  script: ({ path = 'data/fashion-mnist' }) => awaited(read('readMnistFiles', reference('folder', path), help)),
  downloads: downloadsOf('http://fashion-mnist.s3-website.eu-central-1.amazonaws.com', [
    ['train-images-idx3-ubyte.gz', 26421880, '3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84'],
    ['train-labels-idx1-ubyte.gz', 29515, 'a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845'],
    ['t10k-images-idx3-ubyte.gz', 4422102, '346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073'],
    ['t10k-labels-idx1-ubyte.gz', 5148, '67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5'],
  ]),
})
