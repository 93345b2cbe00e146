/** What the tests need to start and end the daemons of clusters. */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A process of this machine. */
export interface Process {
  readonly pid: number
  readonly parent: number
  /** The time of its start, in ticks since boot: another process may have its number later. */
  readonly start: string
}

export function listProcesses(): Process[] {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (findProcess(Number(name)) ?? []) : []))
}

function findProcess(pid: number): Process | undefined {
  // The name of the program, which may contain anything, ends at the last parenthesis (proc(5)).
  const fields = readProcess(pid, 'stat')
    .replace(/^.*\) /s, '')
    .split(' ')
  return fields.length > 19 ? { pid, parent: Number(fields[1]), start: fields[19]! } : undefined
}

/** The processes that were started with these environment variables: `NAME=value`. */
export function processesWith(variables: readonly string[]): Process[] {
  return listProcesses().filter(({ pid }) => {
    const environment = readProcess(pid, 'environ').split('\0')
    return pid !== process.pid && variables.every((variable) => environment.includes(variable))
  })
}

/** All processes that a process has started, directly or not. */
export function descendantsOf(pid: number): Process[] {
  const processes = listProcesses()
  const found = new Set([pid])
  for (let size = 0; size !== found.size;) {
    size = found.size
    for (const one of processes) if (found.has(one.parent)) found.add(one.pid)
  }
  return processes.filter((one) => one.pid !== pid && found.has(one.pid))
}

/** Reads a file of a process; empty if the process has ended or belongs to another user. */
export function readProcess(pid: number, file: string): string {
  try {
    return readFileSync(join('/proc', `${pid}`, file), 'utf8')
  } catch {
    return ''
  }
}

export function killProcess({ pid, start }: Process): void {
  if (findProcess(pid)?.start !== start) return
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
export async function until(what: string, isSo: () => boolean | Promise<boolean>, seconds = 240): Promise<void> {
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
