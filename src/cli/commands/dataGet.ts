import { listWords } from '../../diagnostics/didYouMean.ts'
import { downloads } from '../../parts/datasets/table.ts'
import { declareCommand, on } from './declareCommand.ts'
import { quiet } from './sharedOptions.ts'

export const dataGet = declareCommand({
  name: 'data get',
  help: 'download a published dataset to where training finds it; what was interrupted goes on',
  arguments: [['<dataset>', listWords(Object.keys(downloads), 'or')]],
  options: { force: on('replace a file that is there and is not the published one'), quiet },
  examples: [['data get cifar10', 'downloads CIFAR-10']],
})
