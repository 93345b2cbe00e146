/** Every dataset of the language. */
import { cifar10 } from './cifar10.ts'
import type { DatasetDef } from './datasetDef.ts'
import { imageFolder } from './imageFolder.ts'
import { mnist } from './mnist.ts'

export const datasetTable: Readonly<Record<string, DatasetDef>> = { mnist, cifar10, imageFolder }
