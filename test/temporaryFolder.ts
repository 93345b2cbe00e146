/** Gives all tests, and what they start, one temporary folder. It is removed when they have ended. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { TestProject } from 'vitest/node'

/** Called by vitest before it starts the processes of the tests, for each project. */
export function setup(project: TestProject): void {
  if (!project.isRootProject()) return
  // Short, since the path of a socket in it may have 107 characters.
  const folder = mkdtempSync(join(tmpdir(), 'sw-'))
  process.env['TMPDIR'] = folder
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
}

/** Makes a folder with files. */
export function temporaryFolder(files: Readonly<Record<string, string | Uint8Array>> = {}, prefix = 't-'): string {
  const folder = mkdtempSync(join(tmpdir(), prefix))
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return folder
}
