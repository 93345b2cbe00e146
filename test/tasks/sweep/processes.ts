/** What the tests need to start and end the daemons of clusters. */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** The numbers of the processes that were started with these environment variables: `NAME=value`. */
export function processesWith(variables: readonly string[]): number[] {
  const numbers = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
  return numbers.filter((pid) => {
    const environment = readProcess(pid, 'environ').split('\0')
    return pid !== process.pid && variables.every((variable) => environment.includes(variable))
  })
}

export function parentOf(pid: number): number {
  // The name of the program, which may contain anything, ends at the last parenthesis (proc(5)).
  return Number(/^\d+ \(.*\) \S (\d+)/s.exec(readProcess(pid, 'stat'))?.[1])
}

/** Reads a file of a process; empty if the process has ended or belongs to another user. */
export function readProcess(pid: number, file: string): string {
  try {
    return readFileSync(join('/proc', `${pid}`, file), 'utf8')
  } catch {
    return ''
  }
}

export function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended meanwhile.
  }
}

/** Sends a signal, waits for the end, and kills what does not end. */
export async function endProcess(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM', seconds = 10): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  if (await Promise.race([ended.then(() => true), sleep(seconds * 1000, false)])) return
  child.kill('SIGKILL')
  await ended
}

/** Waits for a condition. While it throws, such as when a daemon refuses connections, it does not hold. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>, seconds = 30): Promise<void> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(200)) {
    try {
      if (await isSo()) return
    } catch {
      // It is asked again.
    }
  }
  throw new Error(`Waited ${seconds} s for ${what}.`)
}

/** Numbers of ports that nothing listens to. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      return server
    }),
  )
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return ports
}
