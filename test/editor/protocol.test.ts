import { spawn } from 'node:child_process'
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type Diagnostic,
} from 'vscode-languageserver-protocol/node.js'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bin } from '../cli/runCli.ts'
import { mnist } from './cursor.ts'

const server = spawn(process.execPath, [bin, 'lsp', '--stdio', `--clientProcessId=${process.pid}`], {
  stdio: ['pipe', 'pipe', 'inherit'],
})
const client = createProtocolConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin))
const published = new Map<string, readonly Diagnostic[]>()
let version = 0

const uri = 'file:///project/digits.yaml'
const other = 'file:///project/compose.yaml'
const text = mnist('conv2d: { filters: 8, kernelSize: 3 }', 'flatten', 'Dense: { units: $w }').replace(
  'layers',
  'vars: { w: 10 }\nlayers',
)
const whole = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } }

/** The requests in the order of the protocol, each with a part of its answer. */
const requests: readonly [method: string, params: object, answer: unknown][] = [
  ['hover', { position: { line: 4, character: 5 } }, { contents: { value: expect.stringContaining('**26x26x8**') } }],
  [
    'completion',
    { position: { line: 6, character: 5 } },
    expect.arrayContaining([expect.objectContaining({ label: 'dense' })]),
  ],
  ['definition', { position: { line: 6, character: 21 } }, { uri, range: { start: { line: 2, character: 8 } } }],
  ['references', { position: { line: 2, character: 8 }, context: { includeDeclaration: true } }, [{ uri }, { uri }]],
  ['prepareRename', { position: { line: 2, character: 8 } }, { start: { line: 2, character: 8 } }],
  [
    'rename',
    { position: { line: 2, character: 8 }, newName: 'units' },
    { changes: { [uri]: [{ newText: 'units' }, { newText: 'units' }] } },
  ],
  [
    'documentSymbol',
    {},
    [
      { name: 'name' },
      { name: 'dataset' },
      { name: 'vars' },
      { name: 'layers', children: [{ name: 'conv2d', detail: '→ 26x26x8 · 80' }, {}, {}] },
    ],
  ],
  [
    'codeLens',
    {},
    expect.arrayContaining([expect.objectContaining({ command: expect.objectContaining({ title: 'train' }) })]),
  ],
  [
    'codeAction',
    { range: { start: { line: 6, character: 5 }, end: { line: 6, character: 5 } }, context: { diagnostics: [] } },
    expect.arrayContaining([expect.objectContaining({ title: 'replace `Dense` with `dense`', isPreferred: true })]),
  ],
  [
    'inlayHint',
    { range: whole },
    expect.arrayContaining([
      expect.objectContaining({ label: '→ 26x26x8 · 80', position: { line: 4, character: 41 } }),
    ]),
  ],
  ['formatting', { options: { tabSize: 2, insertSpaces: true } }, []],
  ['semanticTokens/full', {}, { data: [6, 21, 1, 0, 0] }],
  ['documentLink', {}, []],
]

beforeAll(async () => {
  client.onNotification(
    'textDocument/publishDiagnostics',
    (found: { uri: string; diagnostics: Diagnostic[] }) => void published.set(found.uri, found.diagnostics),
  )
  client.listen()
  await client.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities: {} })
  await client.sendNotification('initialized', {})
  await open(uri, text)
})

afterAll(() => server.kill())

function open(where: string, content: string): Promise<void> {
  version += 1
  return client.sendNotification('textDocument/didOpen', {
    textDocument: { uri: where, languageId: 'yaml', version, text: content },
  })
}

/** The codes of the diagnostics of a file, once they have the given number. */
async function codesAt(where: string, count: number): Promise<unknown[]> {
  await expect.poll(() => published.get(where)?.length, { timeout: 20_000 }).toBe(count)
  return published.get(where)!.map(({ code }) => code)
}

it('reports mistakes, and removes them when they are fixed', async () => {
  expect(await codesAt(uri, 1)).toEqual(['schema/unknown-layer'])
  const fixed = [{ range: { start: { line: 6, character: 4 }, end: { line: 6, character: 5 } }, text: 'd' }]
  await client.sendNotification('textDocument/didChange', { textDocument: { uri, version: 50 }, contentChanges: fixed })
  expect(await codesAt(uri, 0)).toEqual([])
  const broken = [{ text }]
  await client.sendNotification('textDocument/didChange', {
    textDocument: { uri, version: 51 },
    contentChanges: broken,
  })
  expect(await codesAt(uri, 1)).toEqual(['schema/unknown-layer'])
})

it.each(requests)('answers %s', async (method, params, answer) => {
  const given = await client.sendRequest(`textDocument/${method}`, { textDocument: { uri }, ...params })
  if (Array.isArray(answer) && answer.length === 0) expect(given).toEqual([])
  else if (Array.isArray(given) && !Array.isArray(answer)) expect(given).toEqual(answer)
  else expect(given).toMatchObject(answer as object)
})

it('checks a spec again when the open parent that it extends has changed', async () => {
  const [parent, child] = ['file:///project/base.yaml', 'file:///project/child.yaml']
  await open(parent, mnist('flatten'))
  await open(child, 'extends: ./base.yaml\nname: child\n')
  expect(await codesAt(child, 0)).toEqual([])
  const changed = [{ text: mnist('flaten') }]
  await client.sendNotification('textDocument/didChange', {
    textDocument: { uri: parent, version: 90 },
    contentChanges: changed,
  })
  expect(await codesAt(child, 1)).toEqual(['schema/unknown-layer'])
  // The mistake is in the parent, which the first line extends.
  expect(published.get(child)![0]!.range).toEqual({ start: { line: 0, character: 9 }, end: { line: 0, character: 20 } })
})

it('has no answer for YAML files that are no specs', async () => {
  await open(other, 'services:\n  web: { image: nginx }\n')
  expect(await codesAt(other, 0)).toEqual([])
  expect(
    await client.sendRequest('textDocument/hover', {
      textDocument: { uri: other },
      position: { line: 0, character: 2 },
    }),
  ).toBeNull()
})

it('ends when the editor asks for it', async () => {
  await client.sendRequest('shutdown')
  const ended = new Promise((done) => server.once('exit', done))
  await client.sendNotification('exit')
  expect(await ended).toBe(0)
})
