import { declareCommand } from './declareCommand.ts'

export const lsp = declareCommand({
  name: 'lsp',
  help: 'start the language server, which editors run',
  arguments: [],
  options: { stdio: { help: 'talk by standard input and output, which is the only way and the default' } },
  // Clients add options of their own; those of VS Code's library pass `--clientProcessId=1234`.
  ignoresOtherOptions: true,
  examples: [['lsp --stdio', 'answers an editor by the Language Server Protocol']],
})
