import { declareCommand } from './declareCommand.ts'

export const explain = declareCommand({
  name: 'explain',
  help: 'explain a diagnostic',
  arguments: [['[code]', 'the code, such as shape/kernel-exceeds-input; without it, all codes are listed']],
  options: {},
  examples: [['explain shape/kernel-exceeds-input', 'shows a wrong and a correct spec']],
})
