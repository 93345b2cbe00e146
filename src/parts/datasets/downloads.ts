/** Where published datasets are downloaded from: their official homes, with the length and SHA-256 of each file. */

export interface PublishedDownload {
  readonly url: string
  readonly file: string
  readonly bytes: number
  readonly sha256: string
}

/** The four files of MNIST's names. */
function idxFiles(
  home: string,
  files: readonly (readonly [name: string, bytes: number, sha256: string])[],
): PublishedDownload[] {
  return files.map(([name, bytes, sha256]) => ({ url: `${home}/${name}.gz`, file: `${name}.gz`, bytes, sha256 }))
}

const cifarHome = 'https://www.cs.toronto.edu/~kriz'

/** By the name of the dataset. */
export const downloads: Readonly<Record<string, readonly PublishedDownload[]>> = {
  // yann.lecun.com serves it no more; this is the mirror of the Common Visual Data Foundation.
  mnist: idxFiles('https://storage.googleapis.com/cvdf-datasets/mnist', [
    ['train-images-idx3-ubyte', 9912422, '440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609'],
    ['train-labels-idx1-ubyte', 28881, '3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c'],
    ['t10k-images-idx3-ubyte', 1648877, '8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6'],
    ['t10k-labels-idx1-ubyte', 4542, 'f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6'],
  ]),
  fashionMnist: idxFiles('http://fashion-mnist.s3-website.eu-central-1.amazonaws.com', [
    ['train-images-idx3-ubyte', 26421880, '3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84'],
    ['train-labels-idx1-ubyte', 29515, 'a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845'],
    ['t10k-images-idx3-ubyte', 4422102, '346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073'],
    ['t10k-labels-idx1-ubyte', 5148, '67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5'],
  ]),
  cifar10: [
    {
      url: `${cifarHome}/cifar-10-binary.tar.gz`,
      file: 'cifar-10-binary.tar.gz',
      bytes: 170052171,
      sha256: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
    },
  ],
  cifar100: [
    {
      url: `${cifarHome}/cifar-100-binary.tar.gz`,
      file: 'cifar-100-binary.tar.gz',
      bytes: 168513733,
      sha256: '58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec',
    },
  ],
}
