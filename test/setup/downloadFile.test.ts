/** Downloads from a server that breaks off, does not know ranges, or gives something else. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { downloads } from '../../src/parts/datasets/table.ts'
import type { PublishedDownload } from '../../src/language/datasetDef.ts'
import { downloadFile } from '../../src/setup/downloadFile.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const content = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7) % 251))
const sha256 = createHash('sha256').update(content).digest('hex')

let folder: string
let wanted: PublishedDownload
let requests: (string | undefined)[]
let answer: (request: IncomingMessage, response: ServerResponse) => void
const server = createServer((request, response) => {
  requests.push(request.headers.range)
  answer(request, response)
})

beforeEach(async () => {
  folder = temporaryFolder()
  requests = []
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  wanted = { url: `http://127.0.0.1:${port}/data.gz`, file: 'data.gz', bytes: content.length, sha256 }
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((closed) => server.close(closed))
})

const get = (progress = {}, force = false) =>
  downloadFile(wanted, folder, new AbortController().signal, progress, force)
const got = () => readFileSync(join(folder, 'data.gz'))

/** Serves ranges, but no more than so many bytes before it breaks the connection off. */
function serve(most: number): void {
  answer = (request, response) => {
    const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
    const rest = content.subarray(start)
    response.writeHead(start > 0 ? 206 : 200, {
      'content-length': rest.length,
      ...(start > 0 && { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` }),
    })
    if (rest.length <= most) response.end(rest)
    else response.write(rest.subarray(0, most), () => setTimeout(() => response.destroy(), 20))
  }
}

describe('downloadFile', () => {
  it('downloads, reports its progress, and leaves no other files', async () => {
    serve(content.length)
    const seen: number[] = []
    const { path, isNew } = await get({ onBytes: (done: number) => seen.push(done) })
    expect([path, isNew, got().equals(content)]).toEqual([join(folder, 'data.gz'), true, true])
    expect([seen.at(-1), readdirSync(folder)]).toEqual([content.length, ['data.gz']])
    expect(await get()).toMatchObject({ isNew: false })
    expect(requests).toEqual([undefined])
  })

  it('replaces another file of that name only where that is asked for', async () => {
    serve(content.length)
    writeFileSync(join(folder, 'data.gz'), 'mine')
    await expect(get()).rejects.toMatchObject({
      message: expect.stringContaining('data.gz exists and is not the published file'),
      help: expect.stringContaining('--force'),
    })
    expect([requests, got().toString()]).toEqual([[], 'mine'])
    await get({}, true)
    expect(got().equals(content)).toBe(true)
  })

  it('resumes if the connection broke off', async () => {
    serve(120_000)
    const notes: string[] = []
    await get({ onNote: (text: string) => notes.push(text) })
    expect(got().equals(content)).toBe(true)
    expect(requests).toEqual([undefined, 'bytes=120000-', 'bytes=240000-'])
    expect(notes).toEqual(['data.gz continues at 0.1 MB', 'data.gz continues at 0.2 MB'])
  })

  it('resumes the partial file of an earlier run', async () => {
    writeFileSync(join(folder, 'data.gz.part'), content.subarray(0, 200_000))
    serve(content.length)
    await get()
    expect([requests, got().equals(content)]).toEqual([['bytes=200000-'], true])
  })

  it('starts again if the server does not support ranges', async () => {
    writeFileSync(join(folder, 'data.gz.part'), Buffer.alloc(1000))
    answer = (_request, response) => response.end(content)
    await get()
    expect([requests, got().equals(content)]).toEqual([['bytes=1000-'], true])
  })

  it.each([
    ['another file', () => Buffer.alloc(content.length)],
    ['a longer file', () => Buffer.concat([content, content])],
  ])('refuses %s, and keeps nothing of it', async (_name, body) => {
    answer = (_request, response) => response.end(body())
    await expect(get()).rejects.toThrow(/is not the published file: its SHA-256 is/)
    expect(readdirSync(folder)).toEqual([])
  })

  it('says what the server says, where it goes to, and from where', async () => {
    answer = (_request, response) => response.writeHead(403).end('no')
    const failure = await get().catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'download' })
    expect(failure).toMatchObject({
      message: `data.gz cannot be downloaded from ${wanted.url}: the server responded with 403 Forbidden`,
      help: expect.stringContaining(`put it at ${join(folder, 'data.gz')}`),
    })
    expect(requests).toHaveLength(3)
  })

  it('says that there is no network', async () => {
    wanted = { ...wanted, url: 'http://127.0.0.1:1/data.gz' }
    await expect(get()).rejects.toThrow(/cannot be downloaded from http:\/\/127.0.0.1:1\/data.gz: fetch failed/)
  })

  it('stops at a signal, and keeps what it has', async () => {
    serve(120_000)
    const interruption = new AbortController()
    const running = downloadFile(wanted, folder, interruption.signal, { onNote: () => interruption.abort() })
    await expect(running).rejects.toThrow(/abort/i)
    expect(existsSync(join(folder, 'data.gz.part'))).toBe(true)
  })
})

it('knows where published datasets are, each file with a SHA-256', () => {
  for (const { url, file, bytes, sha256: digest } of Object.values(downloads).flat()) {
    expect([new URL(url).pathname.endsWith(`/${file}`), bytes > 4000, digest]).toEqual([
      true,
      true,
      expect.stringMatching(/^[0-9a-f]{64}$/),
    ])
  }
})
