import { listWords } from '../../diagnostics/didYouMean.ts'
import { downloads } from '../../parts/datasets/table.ts'
import { declareCommand, on } from './declareCommand.ts'
import { quiet } from './sharedOptions.ts'

export const dataGet = declareCommand({
  name: 'data get',
  help: 'download a published dataset to the place where training finds it; continues an interrupted download',
  arguments: [['<dataset>', listWords(Object.keys(downloads), 'or')]],
  options: { force: on('replace an existing file that differs from the published one'), quiet },
  examples: [['data get cifar10', 'downloads CIFAR-10']],
})
