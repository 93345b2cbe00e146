import { cifar10Classes } from '../../runtime/formats/publishedClasses.ts'
import { loadCifar } from '../../runtime/data/cifarRecords.ts'
import { type DatasetSplits } from '../../runtime/data/samples.ts'

/**
 * Loads CIFAR-10: 50,000 training and 10,000 test images of ten classes, 32 x 32 x 3.
 *
 * @param folder The folder with the files of the "binary version" (https://www.cs.toronto.edu/~kriz/cifar.html), with their
 *   folder `cifar-10-batches-bin`, or with the downloaded archive `cifar-10-binary.tar.gz`.
 * @param path Used if `folder` is not given; by default the cache folder.
 * @throws KnownError if a file is missing or damaged.
 */
export async function loadCifar10(folder?: string, path?: string): Promise<DatasetSplits> {
  const source = {
    title: 'CIFAR-10',
    dataset: 'cifar10',
    archive: 'cifar-10-binary.tar.gz',
    folder: 'cifar-10-batches-bin',
    labelBytes: 1,
    labelAt: 0,
    classes: 10,
    recordsInFile: Object.fromEntries([...trainFiles, testFile].map((name) => [name, 10000])),
    train: trainFiles,
    test: [testFile],
    note: ' Keras’s own cifar-10-batches-py is pickled Python, which is not read.',
  }
  const { train, test } = await loadCifar(source, folder, path)
  return { train, test, classNames: cifar10Classes }
}

const trainFiles = [1, 2, 3, 4, 5].map((number) => `data_batch_${number}.bin`)
const testFile = 'test_batch.bin'
