/** Implements `shapewright lsp`: the language server on standard input and output. */
import {
  createConnection,
  ProposedFeatures,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node.js'
import { serve } from '../editor/server/serve.ts'
import { exitCodes } from '../system/exitCodes.ts'
import { version } from '../system/version.ts'
import { protocolOutput } from './protocolOutput.ts'

export async function lspCommand(): Promise<number> {
  const reader = new StreamMessageReader(process.stdin)
  const connection = createConnection(ProposedFeatures.all, reader, new StreamMessageWriter(protocolOutput()))
  serve(connection, version)
  await new Promise<void>((done) => {
    connection.onExit(done)
    reader.onClose(() => done())
  })
  // Requests that are still waiting have nobody to answer.
  process.exit(exitCodes.fine)
}
