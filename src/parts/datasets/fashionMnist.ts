/** Fashion-MNIST (Xiao et al., 2017): pictures of clothes. */
import { fieldsOf } from '../../language/schema.ts'
import { fashionMnistClasses } from '../../runtime/formats/publishedClasses.ts'
import { definePublishedDataset } from '../../language/datasetDef.ts'
import { publishedPath } from '../../language/datasetFields.ts'

export const fashionMnist = definePublishedDataset('loadFashionMnist', 'readMnistFiles', {
  example: {},
  schema: fieldsOf(
    { path: publishedPath },
    'Pictures of clothes: 60,000 images of 28x28x1 to train on and 10,000 to test, 10 classes.',
  ),
  scriptPlace: [
    'data/fashion-mnist',
    'Unpack github.com/zalandoresearch/fashion-mnist, or name its folder with --data.',
  ],
  facts: {
    sampleShape: [28, 28, 1],
    classes: 10,
    classNames: fashionMnistClasses,
    trainCount: 60_000,
  },
})
