import { declareCommand } from './declareCommand.ts'

export const lsp = declareCommand({
  name: 'lsp',
  help: 'start the language server, which editors run',
  arguments: [],
  options: { stdio: { help: 'talk by standard input and output, which is the only way and the default' } },
  examples: [['lsp --stdio', 'answers an editor by the Language Server Protocol']],
})
