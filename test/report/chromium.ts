/** A headless Chromium, where there is one: what it makes of a page from disk. */
import { execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { temporaryFolder } from '../temporaryFolder.ts'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** Its program; `CHROMIUM` in the environment names another one. */
export function findChromium(): string | undefined {
  return [...(process.env['CHROMIUM'] === undefined ? [] : [process.env['CHROMIUM']]), ...names].find((name) => {
    try {
      execFileSync(name, ['--version'], { stdio: 'ignore' })
      return true
    } catch {
      return false
    }
  })
}

export interface OpenedPage {
  /** The document after its scripts have run. */
  readonly document: string
  /** What it complained of: errors of scripts, and what its policy forbade. */
  readonly complaints: readonly string[]
  /** Addresses that were asked for, beside the page and what it holds itself. */
  readonly requests: readonly string[]
}

export interface PageOptions {
  readonly dark?: boolean
  readonly width?: number
  readonly height?: number
  /** Where a picture of it goes. */
  readonly screenshot?: string
}

export async function openPage(chromium: string, path: string, options: PageOptions = {}): Promise<OpenedPage> {
  const { dark = false, width = 1280, height = 900, screenshot } = options
  const profile = temporaryFolder()
  const netLog = join(profile, 'net.json')
  const args = [
    '--headless=new',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--no-first-run',
    '--hide-scrollbars',
    '--enable-logging=stderr',
    '--virtual-time-budget=4000',
    `--user-data-dir=${profile}`,
    `--log-net-log=${netLog}`,
    `--window-size=${width},${height}`,
    `--blink-settings=preferredColorScheme=${dark ? 0 : 1}`,
    ...(screenshot === undefined ? ['--dump-dom'] : [`--screenshot=${screenshot}`]),
    pathToFileURL(path).href,
  ]
  const { stdout, stderr } = await run(chromium, args)
  const complaints = stderr.split('\n').filter((line) => /:CONSOLE[:(]|Content Security Policy/.test(line))
  return { document: stdout, complaints, requests: requestsIn(readFileSync(netLog, 'utf8')) }
}

/** Chromium's own calls home are told apart by their hosts. */
function requestsIn(log: string): string[] {
  const urls = [...log.matchAll(/"url":"([^"]+)"/g)].map(([, url]) => url!)
  return [...new Set(urls)].filter(
    (url) =>
      !/^(file|data|chrome|about|chrome-extension):/.test(url) &&
      !/\.(google|googleapis|gstatic|gvt1)\.com[/:]/.test(url),
  )
}

function run(program: string, args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 })
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (chunk) => (stdout += chunk))
    child.stderr.setEncoding('utf8').on('data', (chunk) => (stderr += chunk))
    child.on('error', fail)
    child.on('close', () => done({ stdout, stderr }))
  })
}
