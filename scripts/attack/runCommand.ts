/** Runs the built command line in its own process, with a time limit. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const bin = fileURLToPath(new URL('../../dist/bin.cjs', import.meta.url))

/** The output of a process and how it ended. */
export interface CommandResult {
  /** Null if a signal ended it. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  /** Whether it was killed because it took too long. */
  readonly timedOut: boolean
}

export interface CommandOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  /** The stream whose reader is closed after it has read this many bytes. */
  readonly close?: { readonly stream: 'stdout' | 'stderr' | 'both'; readonly after: number }
  /** A signal to send after this many milliseconds. */
  readonly kill?: { readonly signal: NodeJS.Signals; readonly after: number }
}

const timeLimit = 120_000

/** Runs `shapewright ARGS`. Standard input is empty. */
export function runCommand(args: readonly string[], { cwd, env, close, kill }: CommandOptions): Promise<CommandResult> {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const texts = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    const isClosed = close !== undefined && (close.stream === name || close.stream === 'both')
    child[name].on('data', (chunk: Buffer) => {
      texts[name] += chunk.toString()
      if (isClosed && texts[name].length >= close.after) child[name].destroy()
    })
  }
  return new Promise((done) => {
    let timedOut = false
    const timer = setTimeout(() => (timedOut = child.kill('SIGKILL')), timeLimit)
    const killTimer = kill && setTimeout(() => child.kill(kill.signal), kill.after)
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      clearTimeout(killTimer)
      done({ code, signal, ...texts, timedOut })
    })
  })
}
