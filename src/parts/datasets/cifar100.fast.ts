import { loadCifar } from '../../runtime/data/cifarRecords.ts'
import { type DatasetSplits } from '../../runtime/data/samples.ts'

/** The options of CIFAR-100. */
export interface Cifar100Options {
  /** `fine`: 100 classes; `coarse`: their 20 groups. */
  readonly labels: 'fine' | 'coarse'
  /** Used if no folder is given; by default the cache folder. */
  readonly path?: string
}

/**
 * Loads CIFAR-100: 50,000 training and 10,000 test images, 32 x 32 x 3.
 *
 * @param folder The folder with the files of the "binary version" (https://www.cs.toronto.edu/~kriz/cifar.html), with their
 *   folder `cifar-100-binary`, or with the downloaded archive `cifar-100-binary.tar.gz`.
 * @throws KnownError if a file is missing or damaged.
 */
export async function loadCifar100({ labels, path }: Cifar100Options, folder?: string): Promise<DatasetSplits> {
  const namesFile = `${labels}_label_names.txt`
  const source = {
    title: 'CIFAR-100',
    dataset: 'cifar100',
    archive: 'cifar-100-binary.tar.gz',
    folder: 'cifar-100-binary',
    labelBytes: 2,
    labelAt: labels === 'coarse' ? 0 : 1,
    classes: labels === 'coarse' ? 20 : 100,
    recordsInFile: { 'train.bin': 50000, 'test.bin': 10000 },
    train: ['train.bin'],
    test: ['test.bin'],
    texts: [namesFile],
  }
  const { train, test, texts } = await loadCifar(source, folder, path)
  const names = texts
    .get(namesFile)!
    .split('\n')
    .map((name) => name.trim())
  return { train, test, classNames: names.filter((name) => name !== '') }
}
