/** The YAML language server, which VS Code, Neovim and others run, as a process with one schema: ours, by its modeline. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type CompletionItem,
  type CompletionList,
  type Diagnostic,
  type Hover,
  type MarkupContent,
} from 'vscode-languageserver-protocol/node.js'

const modeline = '# yaml-language-server: $schema=../schema/shapewright.schema.json\n'
const settings = { completion: true, hover: true, validate: true, schemaStore: { enable: false } }

export interface LanguageServer {
  /** What is offered at `▮`. */
  complete(marked: string): Promise<readonly CompletionItem[]>
  /** The Markdown that is shown at `▮`. */
  hover(marked: string): Promise<string>
  /** The problems of a text that has its modeline, or gets the usual one. */
  validate(text: string, uri?: string): Promise<readonly Diagnostic[]>
  stop(): void
}

export async function startLanguageServer(): Promise<LanguageServer> {
  const at = (path: string) => new URL(`../../${path}`, import.meta.url)
  const server = fileURLToPath(at('node_modules/yaml-language-server/bin/yaml-language-server'))
  const child = spawn(process.execPath, [server, '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] })
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  )
  const published = new Map<string, (diagnostics: readonly Diagnostic[]) => void>()
  connection.onRequest('workspace/configuration', ({ items }: { items: readonly { section?: string }[] }) =>
    items.map(({ section }) => (section === 'yaml' ? settings : {})),
  )
  connection.onRequest('client/registerCapability', () => null)
  connection.onNotification('textDocument/publishDiagnostics', (found: { uri: string; diagnostics: Diagnostic[] }) =>
    published.get(found.uri)?.(found.diagnostics),
  )
  connection.listen()
  const completion = { completionItem: { snippetSupport: true, documentationFormat: ['markdown'] } }
  const textDocument = { completion, hover: { contentFormat: ['markdown'] } }
  const capabilities = { workspace: { configuration: true }, textDocument }
  await connection.sendRequest('initialize', { processId: process.pid, rootUri: at('.').href, capabilities })
  await connection.sendNotification('initialized', {})

  let opened = 0
  const open = (text: string, uri = at(`configs/opened${(opened += 1)}.yaml`).href) => {
    void connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId: 'yaml', version: 1, text },
    })
    return { uri }
  }
  const ask = (method: string, marked: string): Promise<unknown> => {
    const [before = '', behind = ''] = marked.split('▮')
    const lines = (modeline + before).split('\n')
    const position = { line: lines.length - 1, character: lines.at(-1)!.length }
    return connection.sendRequest(method, { textDocument: open(modeline + before + behind), position })
  }
  return {
    async complete(marked) {
      const found = (await ask('textDocument/completion', marked)) as CompletionList | CompletionItem[]
      return Array.isArray(found) ? found : found.items
    },
    async hover(marked) {
      const found = (await ask('textDocument/hover', marked)) as Hover | null
      return ((found?.contents ?? { value: '' }) as MarkupContent).value
    },
    validate(text, uri = at(`configs/opened${(opened += 1)}.yaml`).href) {
      return new Promise((resolve) => {
        published.set(uri, resolve)
        open(text.startsWith('# yaml-language-server') ? text : modeline + text, uri)
      })
    },
    stop() {
      connection.dispose()
      child.kill()
    },
  }
}
