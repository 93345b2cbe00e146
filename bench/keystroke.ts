/**
 * Measures the time from a keystroke in an editor to the diagnostics of the language server, against `check --watch` from saving
 * the same text to its answer, in turn. Run `npm run build` first.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node.js'
import { median, ratio } from './processes.ts'

const keystrokes = 31

const resnet = readFileSync('configs/zoo/resnet-50.yaml', 'utf8')
const conv = 'conv2d: { filters: 8, kernelSize: 3, padding: same, activation: relu }'
const thousand = `name: tall\ninput: { shape: [32, 32, 3] }\nlayers:\n${`  - ${conv}\n  - batchNormalization\n`.repeat(500)}`
const block = `blocks:\n  unit:\n    layers:\n      - ${conv}\n      - batchNormalization\n`
const composed = `name: tall\ninput: { shape: [32, 32, 3] }\n${block}layers:\n  - repeat: { times: 500, layers: [unit] }\n`

/** The specs, with the text of each keystroke: a comment that grows, or a word that is being typed. */
const rows: readonly [name: string, textAfter: (keystroke: number) => string][] = [
  ['resnet-50', (count) => `${resnet}# ${count}\n`],
  ['resnet-50, broken', (count) => resnet.replace('reLU', `re${'x'.repeat(1 + (count % 5))}`)],
  ['1,000 layers', (count) => `${thousand}# ${count}\n`],
  ['1,000 layers, broken', (count) => thousand.replace('filters', `fil${'x'.repeat(1 + (count % 5))}`)],
  ['1,000 layers in a repeat', (count) => `${composed}# ${count}\n`],
]

interface Measured {
  readonly seconds: number
  /** The processor time of all threads; zero where the system does not count it. */
  readonly processor: number
}

export async function benchKeystroke(): Promise<void> {
  console.log(`median of ${keystrokes} keystrokes      language server        check --watch          ratio`)
  for (const [name, textAfter] of rows) {
    const contestants = [await startServer(textAfter(0)), await startWatch(textAfter(0))]
    const times: Measured[][] = [[], []]
    for (let count = 1; count <= keystrokes + 5; count += 1) {
      for (const [index, { change }] of contestants.entries()) times[index]!.push(await change(textAfter(count)))
    }
    for (const { stop } of contestants) stop()
    // The first keystrokes are slower, because Node.js has not compiled all functions.
    const [server, watch] = times.map((list) => list.slice(5)) as [Measured[], Measured[]]
    const show = (list: readonly Measured[]) => {
      const [seconds, processor] = [median(list.map((one) => one.seconds)), median(list.map((one) => one.processor))]
      return `${(1000 * seconds).toFixed(1).padStart(6)} ms (CPU ${(1000 * processor).toFixed(1)} ms)`.padEnd(22)
    }
    const ratioOf = (key: keyof Measured) =>
      ratio(
        server.map((one) => one[key]),
        watch.map((one) => one[key]),
      ).toFixed(2)
    console.log(
      `${name.padEnd(28)} ${show(server)} ${show(watch)} ${ratioOf('seconds')}x (CPU ${ratioOf('processor')}x)`,
    )
  }
}

interface Contestant {
  /** Changes the text, and waits for the answer. */
  readonly change: (text: string) => Promise<Measured>
  readonly stop: () => void
}

async function startServer(text: string): Promise<Contestant> {
  const child = spawn(process.execPath, ['dist/bin.cjs', 'lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const client = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin))
  let answer = (): void => {}
  client.onNotification('textDocument/publishDiagnostics', () => answer())
  client.listen()
  await client.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities: {} })
  const uri = 'file:///project/spec.yaml'
  const send = (method: string, params: object): Promise<void> =>
    new Promise((done, fail) => {
      answer = done
      client.sendNotification(`textDocument/${method}`, params).catch(fail)
    })
  await send('didOpen', { textDocument: { uri, languageId: 'yaml', version: 0, text } })
  let [version, current] = [0, text]
  const change = (next: string): Promise<Measured> => {
    version += 1
    const edit = editBetween(current, next)
    current = next
    return measure(child, () => send('didChange', { textDocument: { uri, version }, contentChanges: [edit] }))
  }
  return { change, stop: () => void child.kill('SIGKILL') }
}

/** The change of a text, as an editor sends it: what differs, by lines and columns. */
function editBetween(before: string, after: string): object {
  const most = Math.min(before.length, after.length)
  let [start, same] = [0, 0]
  while (start < most && before[start] === after[start]) start += 1
  while (same < most - start && before.at(-1 - same) === after.at(-1 - same)) same += 1
  const positionOf = (offset: number) => {
    const lines = before.slice(0, offset).split('\n')
    return { line: lines.length - 1, character: lines.at(-1)!.length }
  }
  const range = { start: positionOf(start), end: positionOf(before.length - same) }
  return { range, text: after.slice(start, after.length - same) }
}

async function startWatch(text: string): Promise<Contestant> {
  const folder = mkdtempSync(join(tmpdir(), 'shapewright-keystroke-'))
  const file = join(folder, 'spec.yaml')
  writeFileSync(file, text)
  const child = spawn(process.execPath, ['dist/bin.cjs', 'check', '--watch', file])
  child.stdout.resume()
  const answered = (): Promise<void> =>
    new Promise((done) => {
      const look = (chunk: Buffer): void => {
        if (!chunk.toString().includes('watching')) return
        child.stderr.off('data', look)
        done()
      }
      child.stderr.on('data', look)
    })
  await answered()
  const change = (next: string): Promise<Measured> =>
    measure(child, () => {
      const answer = answered()
      writeFileSync(file, next)
      return answer
    })
  const stop = () => {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true })
  }
  return { change, stop }
}

async function measure(child: ChildProcess, act: () => Promise<void>): Promise<Measured> {
  // A keystroke does not interrupt the work of the one before.
  await new Promise((done) => {
    setTimeout(done, 100)
  })
  const [start, before] = [performance.now(), processorSeconds(child)]
  await act()
  return { seconds: (performance.now() - start) / 1000, processor: processorSeconds(child) - before }
}

/** The time that the threads of a process have run, as Linux counts it. */
function processorSeconds({ pid }: ChildProcess): number {
  const folder = `/proc/${pid}/task`
  try {
    const threads = readdirSync(folder).map((id) =>
      Number(readFileSync(`${folder}/${id}/schedstat`, 'utf8').split(' ')[0]),
    )
    return threads.reduce((sum, nanoseconds) => sum + nanoseconds, 0) / 1e9
  } catch {
    return 0
  }
}
