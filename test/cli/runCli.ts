/** Runs the built command line as a user does. `npm test` builds it first. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const repository = fileURLToPath(new URL('../../', import.meta.url))
export const bin = fileURLToPath(new URL('../../dist/bin.cjs', import.meta.url))

export interface CliResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** What ended it, where it did not end by itself. */
  readonly signal: NodeJS.Signals | null
}

export interface CliOptions {
  readonly cwd?: string
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
  readonly nodeArgs?: readonly string[]
  /** Sends SIGINT once the output on stderr matches. */
  readonly interruptAt?: RegExp
  /** Sends it once more after so many milliseconds. */
  readonly interruptAgain?: number
}

export function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [...(options.nodeArgs ?? []), bin, ...args], {
      cwd: options.cwd ?? repository,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', ...options.env },
    })
    let [stdout, stderr, interrupted] = ['', '', false]
    child.stdout.on('data', (chunk) => (stdout += chunk))
    child.stderr.on('data', (chunk) => {
      stderr += chunk
      if (interrupted || options.interruptAt?.test(stderr) !== true) return
      interrupted = child.kill('SIGINT')
      if (options.interruptAgain !== undefined) setTimeout(() => child.kill('SIGINT'), options.interruptAgain)
    })
    child.on('error', fail)
    child.on('close', (code, signal) => done({ code, signal, stdout, stderr }))
    child.stdin.end(options.input ?? '')
  })
}
