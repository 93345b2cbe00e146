/** The loader of Fashion-MNIST. */
import { join } from 'node:path'
import { fashionMnistClasses } from '../../runtime/formats/publishedClasses.ts'
import { cacheFolder } from '../../system/cacheFolder.ts'
import { findDataset, hasFile, kerasFolder } from '../../runtime/data/dataPlaces.ts'
import { mnistFiles, readPublishedIdx } from '../../runtime/data/idxFiles.ts'
import { type DatasetSplits } from '../../runtime/data/samples.ts'

/** The four files of Fashion-MNIST with their hashes; names and lengths are those of MNIST. */
const fashionMnistTrain = mnistFiles(
  'train',
  'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
  'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
)
const fashionMnistTest = mnistFiles(
  't10k',
  '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
  '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
)

const fashionMnistHelp =
  'Run `shapewright data get fashionMnist`, or `apt-get install dataset-fashion-mnist` on Debian and Ubuntu, or pass a folder with the four IDX files (plain or .gz) with `--data FOLDER`.'

/**
 * Loads Fashion-MNIST: 60,000 training and 10,000 test images of clothes, 28 x 28 x 1.
 *
 * @param folder The folder of the IDX files, plain or gzipped.
 * @param path Used if `folder` is not given. By default, the first of these folders that has the files: the cache folder,
 *   that of Debian's package `dataset-fashion-mnist`, that of Keras.
 * @throws KnownError if a file is missing, or differs from the published one.
 */
export async function loadFashionMnist(folder?: string, path?: string): Promise<DatasetSplits> {
  const place = findDataset({
    title: 'Fashion-MNIST',
    folder,
    path,
    places: [cacheFolder('fashionMnist'), '/usr/share/datasets/fashion-mnist', join(kerasFolder(), 'fashion-mnist')],
    has: (candidate) => hasFile(candidate, fashionMnistTrain.images.name),
    help: fashionMnistHelp,
  })
  return {
    train: await readPublishedIdx(place, fashionMnistTrain, 'Fashion-MNIST', fashionMnistHelp),
    test: await readPublishedIdx(place, fashionMnistTest, 'Fashion-MNIST', fashionMnistHelp),
    classNames: fashionMnistClasses,
  }
}
