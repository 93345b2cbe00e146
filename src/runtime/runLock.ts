import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { RunFolderError } from './runFolderError.ts'

/** Which process trains in a folder. */
interface LockHolder {
  readonly pid: number
  readonly host: string
}

/**
 * Keeps other processes from training in the folder of a run, until `unlockRun` or the end of this one. What a process
 * left behind that was killed is taken over.
 *
 * @throws RunFolderError where another process trains there.
 */
export function lockRun(folder: string): void {
  const path = lockPath(folder)
  if (!writeLock(path, 'wx') && !isOwn(readHolder(path))) {
    refuseIfHeld(folder, path)
    writeLock(path, 'w')
    // Of two that take over at once, the last has it.
    refuseIfHeld(folder, path)
  }
  if (lockedPaths.size === 0) process.on('exit', releaseAll)
  lockedPaths.add(path)
}

/** Lets other processes train in the folder of a run again. */
export function unlockRun(folder: string): void {
  const path = lockPath(folder)
  if (!lockedPaths.delete(path)) return
  releaseLock(path)
  if (lockedPaths.size === 0) process.off('exit', releaseAll)
}

function lockPath(folder: string): string {
  return join(folder, 'run.lock')
}

/** Those of this process. */
const lockedPaths = new Set<string>()

function releaseAll(): void {
  for (const path of lockedPaths) releaseLock(path)
}

function releaseLock(path: string): void {
  if (isOwn(readHolder(path))) rmSync(path, { force: true })
}

function refuseIfHeld(folder: string, path: string): void {
  const holder = readHolder(path)
  if (holder === undefined || isOwn(holder) || !isAlive(holder)) return
  const where = holder.host === hostname() ? '' : ` on ${holder.host}`
  throw new RunFolderError(
    `Process ${holder.pid}${where} is training in ${folder}.`,
    `Wait until it has ended, or end it. If it is no training, remove ${path}.`,
  )
}

function isOwn(holder: LockHolder | undefined): boolean {
  return holder?.pid === process.pid && holder.host === hostname()
}

/** @returns Whether it was written; a folder that cannot be written to is told of where the run's own files are. */
function writeLock(path: string, flag: 'w' | 'wx'): boolean {
  const own: LockHolder = { pid: process.pid, host: hostname() }
  try {
    writeFileSync(path, JSON.stringify(own), { flag })
    return true
  } catch {
    return false
  }
}

/** Undefined where there is none, or its writer was killed while it wrote. */
function readHolder(path: string): LockHolder | undefined {
  try {
    const { pid, host } = JSON.parse(readFileSync(path, 'utf8')) as Partial<LockHolder>
    return typeof pid === 'number' && typeof host === 'string' ? { pid, host } : undefined
  } catch {
    return undefined
  }
}

/** One on another machine counts as alive. */
function isAlive({ pid, host }: LockHolder): boolean {
  if (host !== hostname()) return true
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
