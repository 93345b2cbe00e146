import { cifar10Classes } from '../../runtime/formats/publishedClasses.ts'
import { cacheFolder } from '../../system/cacheFolder.ts'
import { type CifarFormat, cifarHelp, hasCifar, readCifarSplits } from '../../runtime/data/cifarRecords.ts'
import { findDataset } from '../../runtime/data/dataPlaces.ts'
import { type DatasetSplits } from '../../runtime/data/samples.ts'

const cifar10TrainFiles: readonly string[] = [1, 2, 3, 4, 5].map((number) => `data_batch_${number}.bin`)
const cifar10TestFile = 'test_batch.bin'

/**
 * CIFAR-10: 50,000 training and 10,000 test colour images of ten kinds of things, 32 x 32 x 3.
 *
 * @param folder Holds the files of the "binary version" (https://www.cs.toronto.edu/~kriz/cifar.html), or their folder
 *   `cifar-10-batches-bin`, or the archive `cifar-10-binary.tar.gz` as it was downloaded. By default the cache folder.
 * @param path In place of that, where no folder is given.
 * @throws KnownError where a file is missing or damaged.
 */
export async function loadCifar10(folder?: string, path?: string): Promise<DatasetSplits> {
  const cache = cacheFolder('cifar10')
  const archive = 'cifar-10-binary.tar.gz'
  const format: CifarFormat = {
    title: 'CIFAR-10',
    archive,
    folder: 'cifar-10-batches-bin',
    labelBytes: 1,
    labelAt: 0,
    classes: 10,
    recordsInFile: Object.fromEntries([...cifar10TrainFiles, cifar10TestFile].map((name) => [name, 10000])),
    help: `${cifarHelp('cifar10', archive, cache)} Keras’s own cifar-10-batches-py is pickled Python, which is not read.`,
  }
  const place = findDataset({
    title: format.title,
    folder,
    path,
    places: [cache],
    has: (candidate) => hasCifar(candidate, format),
    help: format.help,
  })
  const { train, test } = await readCifarSplits(place, format, { train: cifar10TrainFiles, test: [cifar10TestFile] })
  return {
    train,
    test,
    classNames: cifar10Classes,
  }
}
