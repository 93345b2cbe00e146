/** Every dataset of the language. */
import { cifar10 } from './cifar10.ts'
import { cifar100 } from './cifar100.ts'
import { csv } from './csv.ts'
import type { DatasetDef } from '../../language/datasetDef.ts'
import { fashionMnist } from './fashionMnist.ts'
import { idx } from './idx.ts'
import { imageFolder } from './imageFolder.ts'
import { mnist } from './mnist.ts'
import { npy } from './npy.ts'
import { npz } from './npz.ts'
import { synthetic } from './synthetic.ts'

export const datasetTable: Readonly<Record<string, DatasetDef>> = {
  mnist,
  fashionMnist,
  cifar10,
  cifar100,
  imageFolder,
  idx,
  csv,
  npz,
  npy,
  synthetic,
}

/** The files of published datasets, by dataset name. */
export const downloads = Object.fromEntries(
  Object.entries(datasetTable).flatMap(([name, { downloads: files }]) => (files ? [[name, files]] : [])),
)
