/** The readers of datasets in the runtime, and what is done with what they read, by the names by which programs call them. Loads no TensorFlow.js. */
import { loadNpy, loadNpz } from '../../runtime/data/arrays.ts'
import { loadCifar10 } from '../../parts/datasets/cifar10.run.ts'
import { loadCifar100 } from '../../parts/datasets/cifar100.run.ts'
import { loadCsv } from '../../parts/datasets/csv.run.ts'
import { loadFashionMnist } from '../../parts/datasets/fashionMnist.run.ts'
import { holdOutStratified } from '../../runtime/data/holdOut.ts'
import { loadIdx } from '../../parts/datasets/idx.run.ts'
import { loadImageFolder } from '../../parts/datasets/imageFolder.run.ts'
import { loadMnist } from '../../parts/datasets/mnist.run.ts'
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
