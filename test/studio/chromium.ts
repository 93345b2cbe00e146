/** Chromium for tests of the studio. */
import { existsSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { repository } from '../cli/runCli.ts'
import { findChromium } from '../report/chromium.ts'

/** The built page, which both homes serve. */
export const builtPage = join(repository, 'dist', 'studio')
export const isBuilt = existsSync(join(builtPage, 'index.html'))

const executablePath = pathOf(findChromium())

/** Whether the page can be opened. Otherwise a message says what is missing. */
export const canOpen = isBuilt && executablePath !== undefined
if (executablePath === undefined)
  process.stderr.write('SKIPPED: no Chromium is installed (`apt-get install chromium`)\n')
if (!isBuilt) process.stderr.write('SKIPPED: the studio is not built (`npm run build:studio`)\n')

export async function launchChromium(args: readonly string[] = []): Promise<Browser> {
  return await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox', ...args] })
}

/** Collects what a page complains of: errors of scripts, and what its policy forbids. */
export function collectComplaints(page: Page, complaints: string[]): void {
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
}

/** The address of a spec in the editor of the static page. */
export async function linkTo(text: string, file = 'mine.yaml'): Promise<string> {
  const { writeAddress } = await import('../../src/studio/page/address.ts')
  return await writeAddress({ file, text })
}

/** The path of a program, which the browser's driver needs. */
function pathOf(program: string | undefined): string | undefined {
  if (program === undefined || isAbsolute(program)) return program
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path))
}
