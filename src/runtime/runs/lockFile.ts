/** The file of a lock: creating it, and reading its holder and its age. */
import { closeSync, fstatSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import { parseRecord } from '../../system/parseRecord.ts'
import type { LockHolder } from './lockHolder.ts'
import { temporaryName } from './temporaryName.ts'

export interface FoundLock {
  /** Undefined if its process was killed while it wrote the lock. */
  readonly holder: LockHolder | undefined
  /** When the lock was last written, in milliseconds. */
  readonly beat: number
  /** Seconds until three heartbeats are missing. */
  readonly staleIn: number
}

/** @returns False if the file already exists. */
export function createLock(path: string, self: LockHolder): boolean {
  let file: number
  try {
    file = openSync(path, 'wx')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
  try {
    writeSync(file, lockText(self))
  } catch (error) {
    rmSync(path, { force: true })
    throw error
  } finally {
    closeSync(file)
  }
  return true
}

export function lockText(self: LockHolder): string {
  return `${JSON.stringify(self)}\n`
}

/**
 * Reads a lock and its age. The clocks of this machine and of the disk may differ, so a newly created file supplies the
 * current time.
 */
export function findLock(path: string): FoundLock {
  const probe = temporaryName(path)
  const file = openSync(probe, 'w')
  try {
    const now = fstatSync(file).mtimeMs
    const holder = readHolder(path)
    const beat = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
    return { holder, beat, staleIn: 3 * heartbeatOf(holder) - (now - beat) / 1000 }
  } finally {
    closeSync(file)
    rmSync(probe, { force: true })
  }
}

export function heartbeatOf(holder: LockHolder | undefined): number {
  return holder?.heartbeat ?? 10
}

/**
 * Reads the holder of a lock. Undefined if there is no lock, its writer was killed while writing, or it is damaged;
 * such a lock goes stale.
 */
export function readHolder(path: string): LockHolder | undefined {
  try {
    const fields = { token: 'string', pid: 'number', host: 'string', machine: 'string', heartbeat: 'number' } as const
    return parseRecord<LockHolder>(readFileSync(path, 'utf8'), fields)
  } catch {
    return undefined
  }
}
