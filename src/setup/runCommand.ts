import { spawn } from 'node:child_process'
import { interruptedError } from './setupError.ts'

export interface CommandOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  readonly signal?: AbortSignal | undefined
  /** The time in milliseconds after which the command is killed. */
  readonly timeout?: number
  readonly onLine?: ((line: string) => void) | undefined
}

export interface CommandResult {
  /** The exit code; 127 if the command could not be started; undefined if a signal ended it. */
  readonly code: number | undefined
  readonly killedBy: NodeJS.Signals | undefined
  readonly stdout: string
  /** The text of both streams, in the order of arrival. */
  readonly output: string
}

/**
 * Runs a command without a shell, and returns its output. A failing command is a result, not an exception; only an
 * interruption throws. The command and its child processes (make, the compiler) are killed on an interruption, at the time
 * limit and when this process exits.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const { signal, timeout, onLine } = options
  if (signal?.aborted) throw interruptedError()
  // A separate process group allows to kill the whole tree; Windows has no process groups.
  const detached = process.platform !== 'win32'
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached,
    windowsHide: true,
  })

  const end = (): void => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
    try {
      if (detached) process.kill(-child.pid, 'SIGKILL')
      else child.kill('SIGKILL')
    } catch {
      // It has exited by itself in the meantime.
    }
  }
  process.once('exit', end)
  signal?.addEventListener('abort', end, { once: true })
  const timer = timeout === undefined ? undefined : setTimeout(end, timeout)

  let stdout = ''
  let output = ''
  let unfinished = ''
  const read = (chunk: string): void => {
    output += chunk
    if (onLine === undefined) return
    const lines = (unfinished + chunk).split(/\r?\n|\r/)
    unfinished = lines.pop() ?? ''
    for (const line of lines) onLine(line)
  }
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk
    read(chunk)
  })
  child.stderr.setEncoding('utf8').on('data', read)

  try {
    const [code, killedBy] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
      child.once('error', (error) => {
        output += error.message
        resolve([127, null])
      })
      child.once('close', (exitCode, exitSignal) => resolve([exitCode, exitSignal]))
    })
    if (signal?.aborted) throw interruptedError()
    if (unfinished !== '') onLine?.(unfinished)
    return { code: code ?? undefined, killedBy: killedBy ?? undefined, stdout, output }
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', end)
    process.removeListener('exit', end)
  }
}

/** The last lines that are not empty, for an error message. */
export function lastLines(output: string, count: number): string {
  const lines = output.split('\n').map((line) => line.trimEnd())
  return lines
    .filter((line) => line !== '')
    .slice(-count)
    .join('\n')
}
