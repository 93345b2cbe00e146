/** The readers of datasets in the runtime, and what is done with what they read, by the names by which programs call them. Loads no TensorFlow.js. */
import { loadNpy, loadNpz } from '../runtime/datasets/arrays.ts'
import { loadCifar10 } from '../runtime/datasets/cifar10.ts'
import { loadCifar100 } from '../runtime/datasets/cifar100.ts'
import { loadCsv } from '../runtime/datasets/csv.ts'
import { loadFashionMnist } from '../runtime/datasets/fashionMnist.ts'
import { holdOutStratified } from '../runtime/datasets/holdOut.ts'
import { loadIdx } from '../runtime/datasets/idx.ts'
import { loadImageFolder } from '../runtime/datasets/imageFolder.ts'
import { loadMnist } from '../runtime/datasets/mnist.ts'
import { loadSynthetic } from '../runtime/datasets/synthetic.ts'

export { cacheFolder } from '../runtime/datasets/cacheFolder.ts'

export const datasetReaders: Readonly<Record<string, unknown>> = {
  loadMnist,
  loadFashionMnist,
  loadCifar10,
  loadCifar100,
  loadImageFolder,
  loadIdx,
  loadCsv,
  loadNpz,
  loadNpy,
  loadSynthetic,
  holdOutStratified,
}
