/** The readers of datasets in the runtime, and what is done with what they read, by the names by which programs call them. Loads no TensorFlow.js. */
import { loadNpy, loadNpz } from '../../runtime/data/arrays.ts'
import { loadCifar10 } from '../../parts/datasets/cifar10.fast.ts'
import { loadCifar100 } from '../../parts/datasets/cifar100.fast.ts'
import { loadCsv } from '../../parts/datasets/csv.fast.ts'
import { loadFashionMnist } from '../../parts/datasets/fashionMnist.fast.ts'
import { holdOutStratified } from '../../runtime/data/holdOut.ts'
import { loadIdx } from '../../parts/datasets/idx.fast.ts'
import { loadImageFolder } from '../../parts/datasets/imageFolder.fast.ts'
import { loadMnist } from '../../parts/datasets/mnist.fast.ts'
import { loadSynthetic } from '../../parts/datasets/synthetic.run.ts'

export { cacheFolder } from '../../runtime/data/cacheFolder.ts'

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
