import { declareCommand } from './declareCommand.ts'

export const explain = declareCommand({
  name: 'explain',
  help: 'say what a diagnostic means',
  arguments: [['[code]', 'such as shape/kernel-exceeds-input; without one, all are listed']],
  options: {},
  examples: [['explain shape/kernel-exceeds-input', 'shows a wrong and a right spec']],
})
