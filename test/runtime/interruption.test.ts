/** Signals while a run trains: the first saves, a second ends the process. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const module = new URL('../../src/runtime/training/interruption.ts', import.meta.url).href
/** Saves for half a second after an interruption. */
const code = `const { listenForInterruption } = await import(${JSON.stringify(module)})
listenForInterruption().signal.addEventListener('abort', () => setTimeout(() => (console.log('saved'), process.exit(130)), 500))
setInterval(() => undefined, 1000)
console.log('ready')`

const cases: readonly [signals: readonly NodeJS.Signals[], want: string][] = [
  [['SIGINT'], 'saved 130'],
  [['SIGTERM', 'SIGINT'], 'saved 130'],
  [['SIGINT', 'SIGTERM', 'SIGHUP'], 'saved 130'],
  [['SIGINT', 'SIGINT'], 'SIGINT'],
  [['SIGTERM', 'SIGINT', 'SIGTERM'], 'SIGTERM'],
]
it.each(cases)('%j', async (signals, want) => {
  const cwd = fileURLToPath(new URL('../..', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (part) => (output += part))
  await once(child.stdout, 'data')
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  for (const signal of signals) {
    child.kill(signal)
    await sleep(50)
  }
  const [exitCode, by] = await ended
  expect(by ?? `${output.trim().split('\n').at(-1)} ${exitCode}`).toBe(want)
})
