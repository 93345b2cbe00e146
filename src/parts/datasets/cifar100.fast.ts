import { cacheFolder } from '../../system/cacheFolder.ts'
import { type CifarFormat, cifarHelp, hasCifar, readCifarSplits } from '../../runtime/data/cifarRecords.ts'
import { findDataset } from '../../runtime/data/dataPlaces.ts'
import { type DatasetSplits } from '../../runtime/data/samples.ts'

/** How CIFAR-100 is read. */
export interface Cifar100Options {
  /** `fine`: 100 kinds of things; `coarse`: the 20 groups that they form. */
  readonly labels: 'fine' | 'coarse'
  /** Where it is, where no folder is given. */
  readonly path?: string
}

/**
 * CIFAR-100: 50,000 training and 10,000 test colour images of a hundred kinds of things, 32 x 32 x 3.
 *
 * @param folder Holds the files of the "binary version" (https://www.cs.toronto.edu/~kriz/cifar.html), or their folder
 *   `cifar-100-binary`, or the archive `cifar-100-binary.tar.gz` as it was downloaded. By default the cache folder.
 * @throws KnownError where a file is missing or damaged.
 */
export async function loadCifar100({ labels, path }: Cifar100Options, folder?: string): Promise<DatasetSplits> {
  const cache = cacheFolder('cifar100')
  const archive = 'cifar-100-binary.tar.gz'
  const format: CifarFormat = {
    title: 'CIFAR-100',
    archive,
    folder: 'cifar-100-binary',
    labelBytes: 2,
    labelAt: labels === 'coarse' ? 0 : 1,
    classes: labels === 'coarse' ? 20 : 100,
    recordsInFile: { 'train.bin': 50000, 'test.bin': 10000 },
    help: cifarHelp('cifar100', archive, cache),
  }
  const place = findDataset({
    title: format.title,
    folder,
    path,
    places: [cache],
    has: (candidate) => hasCifar(candidate, format),
    help: format.help,
  })
  const namesFile = `${labels}_label_names.txt`
  const splits = { train: ['train.bin'], test: ['test.bin'] }
  const { train, test, texts } = await readCifarSplits(place, format, splits, [namesFile])
  const classNames = texts
    .get(namesFile)!
    .split('\n')
    .filter((line) => line.trim() !== '')
  return { train, test, classNames: classNames.map((name) => name.trim()) }
}
