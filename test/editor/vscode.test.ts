/** Opens the package of the extension for VS Code, and starts its server as the extension does. */
import { fork } from 'node:child_process'
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { compileFunction } from 'node:vm'
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type Diagnostic,
} from 'vscode-languageserver-protocol/node.js'
import { beforeAll, expect, it } from 'vitest'
import { openPromise } from 'yauzl'
import { findCommandLine } from '../../editors/vscode/src/commandLine.ts'
import { writeExtension } from '../../scripts/vscode/writeExtension.ts'
import { repository } from '../cli/runCli.ts'
import { mnist } from './cursor.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const folder = temporaryFolder()
const read = (name: string) => readFileSync(join(folder, name), 'utf8')

beforeAll(async () => {
  const zip = await openPromise(await writeExtension(folder))
  for await (const entry of zip.eachEntry()) {
    const file = join(folder, entry.fileName)
    mkdirSync(dirname(file), { recursive: true })
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(file))
  }
}, 120_000)

it('holds what VS Code and its marketplace read', () => {
  const description = JSON.parse(read('extension/package.json')) as Record<string, unknown>
  const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { version: string }
  expect(description).toMatchObject({ name: 'shapewright', version, activationEvents: ['onLanguage:yaml'] })
  const manifest = read('extension.vsixmanifest')
  expect(manifest).toContain(
    `<Identity Language="en-US" Id="shapewright" Version="${version}" Publisher="shapewright" />`,
  )
  const assets = [...manifest.matchAll(/<Asset .* Path="([^"]+)"/g)].map(([, path]) => path!)
  for (const path of assets) expect(read(path).length).toBeGreaterThan(500)
  const types = read('[Content_Types].xml')
  for (const path of [...assets, 'extension/dist/server.cjs']) {
    expect(types).toContain(`Extension="${/\.\w+$/.exec(path)![0]}"`)
  }
  expect(read('extension/THIRD_PARTY_NOTICES.txt')).toMatch(/^vscode-languageclient \d/m)
})

it('registers its commands', async () => {
  const { activate } = loadWithEditor(join(folder, 'extension', 'dist', 'extension.cjs'))
  const { contributes } = JSON.parse(read('extension/package.json')) as {
    contributes: { commands: readonly { command: string }[] }
  }
  await activate({ subscriptions: [], asAbsolutePath: (path: string) => join(folder, 'extension', path) }).catch(
    () => {},
  )
  expect(registered.toSorted()).toEqual(contributes.commands.map(({ command }) => command).toSorted())
})

/** The commands that an extension registers in an editor of which every other part does nothing. */
const registered: string[] = []

type Activate = (context: object) => Promise<void>

function loadWithEditor(file: string): { activate: Activate } {
  const anything: object = new Proxy(function () {}, {
    get: (_target, key) => (key === 'then' ? undefined : anything),
    apply: () => anything,
    construct: () => anything,
  })
  const commands = { registerCommand: (name: string) => registered.push(name) }
  const editor = new Proxy({ commands }, { get: (known, key) => (key === 'commands' ? known.commands : anything) })
  const require = createRequire(file)
  const module = { exports: {} as { readonly activate: Activate } }
  const load = compileFunction(readFileSync(file, 'utf8'), ['module', 'exports', 'require'])
  load(module, module.exports, (name: string): unknown => (name === 'vscode' ? editor : require(name)))
  return module.exports
}

it('carries a server that works without any package beside it', async () => {
  const server = fork(
    join(folder, 'extension', 'dist', 'server.cjs'),
    ['--stdio', `--clientProcessId=${process.pid}`],
    { silent: true, cwd: folder },
  )
  const client = createProtocolConnection(
    new StreamMessageReader(server.stdout!),
    new StreamMessageWriter(server.stdin!),
  )
  const published = new Promise<readonly Diagnostic[]>((done) => {
    client.onNotification('textDocument/publishDiagnostics', (found: { diagnostics: Diagnostic[] }) =>
      done(found.diagnostics),
    )
  })
  client.listen()
  await client.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities: {} })
  const uri = 'file:///project/digits.yaml'
  const text = mnist('flatten', 'Dense: {units:   10}')
  await client.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } })
  expect((await published).map(({ code }) => code)).toEqual(['schema/unknown-layer'])
  const options = { tabSize: 2, insertSpaces: true }
  const [edit] = await client.sendRequest<{ newText: string }[]>('textDocument/formatting', {
    textDocument: { uri },
    options,
  })
  expect(edit?.newText).toBe(' units: 10 ')
  const ended = new Promise((done) => server.once('exit', done))
  await client.sendRequest('shutdown')
  await client.sendNotification('exit')
  expect(await ended).toBe(0)
})

it('uses the package of the setting or of the project before its own', () => {
  const project = join(folder, 'project')
  const inside = join(project, 'configs', 'zoo')
  const other = join(folder, 'other')
  for (const place of [
    inside,
    join(project, 'node_modules/shapewright/dist'),
    join(other, 'dist'),
    join(folder, 'empty'),
  ]) {
    mkdirSync(place, { recursive: true })
  }
  const ofProject = join(project, 'node_modules', 'shapewright', 'dist', 'bin.cjs')
  const ofOther = join(other, 'dist', 'bin.cjs')
  for (const file of [ofProject, ofOther]) writeFileSync(file, '')
  const rows: readonly [folders: readonly string[], stated: string, want: string | undefined][] = [
    [[project], '', ofProject],
    [[inside], '', ofProject],
    [[join(folder, 'empty'), project], '', ofProject],
    [[join(folder, 'empty')], '', undefined],
    [[], '', undefined],
    [[project], other, ofOther],
    [[project], '../other', ofOther],
    [[project], '../other/dist/bin.cjs', ofOther],
    [[project], './nothing', undefined],
  ]
  for (const [folders, stated, want] of rows) expect(findCommandLine(folders, stated)).toBe(want)
})
