import { declareCommand } from './declareCommand.ts'

export const mcp = declareCommand({
  name: 'mcp',
  help: 'start the tool server that AI assistants run: it checks and explains specs, and writes no file',
  arguments: [],
  options: {},
  examples: [['mcp', 'answers an assistant by the Model Context Protocol, on standard input and output']],
})
