import { declareCommand } from './declareCommand.ts'

export const schema = declareCommand({
  name: 'schema',
  help: 'print the JSON Schema of specs',
  arguments: [],
  options: {},
  examples: [['schema > shapewright.schema.json', 'writes it to a file']],
})
