/** Implements `shapewright mcp`: tools for AI assistants by the Model Context Protocol, on standard input and output. */
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { confineTo } from '../system/confinedHost.ts'
import { exitCodes } from '../system/exitCodes.ts'
import { version } from '../system/version.ts'
import { registerTools } from './mcpTools.ts'
import { protocolOutput } from './protocolOutput.ts'

const instructions = `Shapewright checks YAML specs of neural networks: it proves every tensor shape, and trains or compiles what is proven.
After each change of a spec, call \`check\`. A diagnostic names its code, which \`explain\` explains with a wrong and a right spec.
\`summary\` lists the layers with their shapes, parameters and cost. The tools read files of the working folder and write none:
\`fix\` returns a corrected text, which you save yourself.`

export async function mcpCommand(): Promise<number> {
  const server = new McpServer({ name: 'shapewright', version }, { instructions })
  registerTools(server, confineTo('.', 'name a file of this folder, or start `shapewright mcp` in a folder above it'))
  const ended = new Promise((done) => process.stdin.once('close', done).once('end', done))
  await server.connect(new StdioServerTransport(process.stdin, protocolOutput()))
  await ended
  await server.close()
  return exitCodes.fine
}
