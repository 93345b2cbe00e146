import { join } from 'node:path'
import { readCifar } from './cifar10.run.ts'
import type { Data } from '../../script/samples.ts'

/**
 * Reads CIFAR-100: 50,000 training and 10,000 test images, 32x32x3.
 *
 * @param labels `fine`: one of 100 classes; `coarse`: one of their 20 groups.
 * @param folder The folder with the files of the "binary version".
 */
export async function readCifar100(labels: 'fine' | 'coarse', folder = 'data/cifar-100-binary'): Promise<Data> {
  const home = 'https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz'
  const help = `Unpack ${home} to ${folder}, or pass the folder of its .bin files with --data.`
  const read = (name: string, records: number) =>
    readCifar([join(folder, name)], { records, labelBytes: 2, labelAt: labels === 'fine' ? 1 : 0 }, help)
  return { train: read('train.bin', 50_000), test: read('test.bin', 10_000) }
}
