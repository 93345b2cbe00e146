/** The server of the studio, without a browser: what it answers, and what it refuses to everybody else. */
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { afterAll, describe, expect, it } from 'vitest'
import { call, openStudio, send } from './studio.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const digits = 'name: digits\ndataset: mnist\nlayers: [flatten, { dense: { units: 10 } }]\n'
/** A name that is markup, and one with what a shell would run. */
const hostile = ['<img src=x onerror=alert(1)>.yaml', '$(touch pwned) `id` & ;.yaml', 'ünï cødé 字.yaml']
const secret = temporaryFolder({ 'secret.yaml': 'name: secret\nlayers: []\n', 'runs/a/environment.json': '{}' })
const folder = temporaryFolder({
  'digits.yaml': digits,
  'deep/er/net.yml': digits,
  'notes.txt': 'no spec',
  'compose.yaml': 'services: {}\n',
  'broken.yaml': Buffer.from([0x6c, 0xff, 0xfe]),
  'node_modules/x/spec.yaml': digits,
  '.hidden/spec.yaml': digits,
  'runs/digits/spec.yaml': digits,
  'runs/digits/environment.json': '{}',
  ...Object.fromEntries(hostile.map((name) => [name, digits])),
})
symlinkSync(secret, join(folder, 'out'))
symlinkSync(join(secret, 'secret.yaml'), join(folder, 'link.yaml'))
symlinkSync(join(secret, 'missing.yaml'), join(folder, 'dangling.yaml'))
symlinkSync(join(folder, 'digits.yaml'), join(folder, 'inside.yaml'))
const pages = temporaryFolder({ 'index.html': '<!doctype html><title>studio</title>', 'assets/main.js': 'export {}' })
const server = await openStudio(folder, pages)
const { url } = server
const { pathname: top, host, origin } = new URL(url)
afterAll(() => server.close())

const json = { 'content-type': 'application/json' }
const ask = { method: 'POST', headers: { host, ...json }, body: '{}' }

describe('requests', () => {
  const refused: readonly [title: string, path: string, options: Parameters<typeof send>[2], status: number][] = [
    ['without a token', '/', { headers: { host } }, 403],
    ['of the call without a token', '/api/folder', ask, 403],
    ['with a wrong token', `/${'A'.repeat(top.length - 2)}/`, { headers: { host } }, 403],
    ['with a part of the token', `${top.slice(0, -3)}/`, { headers: { host } }, 403],
    ['with a name that was rebound to 127.0.0.1', top, { headers: { host: 'evil.example' } }, 403],
    ['with a rebound name and our port', top, { headers: { host: `evil.example:${new URL(url).port}` } }, 403],
    ['with the host of another port', top, { headers: { host: '127.0.0.1:1' } }, 403],
    [
      'of another origin',
      `${top}api/folder`,
      { ...ask, headers: { ...ask.headers, origin: 'http://evil.example' } },
      403,
    ],
    ['of a page from disk', `${top}api/folder`, { ...ask, headers: { ...ask.headers, origin: 'null' } }, 403],
    ['of another port', `${top}api/folder`, { ...ask, headers: { ...ask.headers, origin: 'http://127.0.0.1:1' } }, 403],
    ['of a frame of another site', top, { headers: { host, 'sec-fetch-site': 'cross-site' } }, 403],
    ['of another server of this machine', top, { headers: { host, 'sec-fetch-site': 'same-site' } }, 403],
    ['that a form can send', `${top}api/folder`, { ...ask, headers: { host, 'content-type': 'text/plain' } }, 415],
    ['that an image can send', `${top}api/folder`, { headers: { host } }, 405],
    ['with another method', top, { method: 'PUT', headers: { host } }, 405],
    ['of an unknown call', `${top}api/eval`, ask, 404],
    ['of a property of every object', `${top}api/constructor`, ask, 404],
    ['with malformed JSON', `${top}api/readSpec`, { ...ask, body: '{"path":' }, 400],
    ['with a list', `${top}api/readSpec`, { ...ask, body: '["path"]' }, 400],
    ['with a value of another type', `${top}api/readSpec`, { ...ask, body: '{"path":[1]}' }, 400],
    ['with a prototype', `${top}api/readSpec`, { ...ask, body: '{"__proto__":{"path":"digits.yaml"}}' }, 400],
    ['with a large body', `${top}api/readSpec`, { ...ask, body: 'x'.repeat(25e6) }, 413],
    ['of a file above the page', `${top}../package.json`, { headers: { host } }, 404],
    ['of an escaped file above the page', `${top}..%2f..%2fetc%2fpasswd`, { headers: { host } }, 404],
    ['of a path with a zero byte', `${top}index.html%00`, { headers: { host } }, 404],
    ['of a damaged path', `${top}%E0%A4%A`, { headers: { host } }, 400],
    ['of a folder', `${top}assets`, { headers: { host } }, 404],
  ]
  it.each(refused)('%s are refused', async (_title, path, options, status) => {
    const reply = await send(url, path, options).catch((error: NodeJS.ErrnoException) => ({
      // The server closes the connection before it has read all of a large body.
      status: error.code === 'ECONNRESET' || error.code === 'EPIPE' ? 413 : 0,
      text: '',
    }))
    expect(reply).toMatchObject({ status, text: '' })
  })

  it('are answered with the token, with headers that keep foreign code out', async () => {
    const page = await send(url, top, { headers: { host } })
    expect(page).toMatchObject({ status: 200, text: expect.stringContaining('<title>studio') })
    const policy = String(page.headers['content-security-policy'])
    expect(policy).toContain("default-src 'self'")
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(page.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' })
    expect(page.headers).not.toHaveProperty('access-control-allow-origin')
    expect(await send(url, `${top}assets/main.js`, { headers: { host } })).toMatchObject({ status: 200 })
    const local = await send(url, top, { headers: { host: host.replace('127.0.0.1', 'localhost') } })
    expect(local).toMatchObject({ status: 200 })
  })

  const sockets: readonly [title: string, path: string, headers: Record<string, string>][] = [
    ['without a token', '/events', { origin }],
    ['of another origin', `${top}events`, { origin: 'http://evil.example' }],
    ['without an origin', `${top}events`, {}],
    ['with a rebound name', `${top}events`, { origin, host: 'evil.example' }],
    ['at another path', `${top}api/folder`, { origin }],
  ]
  it.each(sockets)('of WebSockets %s are refused', async (_title, path, headers) => {
    const socket = new WebSocket(`ws://${host}${path}`, { headers })
    const how = await new Promise((done) => {
      socket.once('open', () => done('open'))
      socket.once('error', (error) => done(error.message))
    })
    expect(how).toBe('Unexpected server response: 403')
  })
})

describe('the folder', () => {
  it('lists its specs without runs, hidden files, links and other YAML', async () => {
    const { specs } = await call(url, 'folder', {})
    const names = ['broken.yaml', 'deep/er/net.yml', 'digits.yaml', ...hostile]
    expect(specs.map(({ path }) => path).toSorted()).toEqual(names.toSorted())
  })

  const outside: readonly (readonly [string, RegExp])[] = [
    ['../secret.yaml', /is not in the folder/],
    ['deep/../../secret.yaml', /is not in the folder/],
    [join(secret, 'secret.yaml'), /is not in the folder/],
    ['out/secret.yaml', /is not in the folder/],
    ['link.yaml', /is not in the folder/],
    ['dangling.yaml', /is not in the folder/],
    ['..\\secret.yaml', /is not in the folder/],
    ['digits.yaml\0.yaml', /is not in the folder/],
    ['', /is not a YAML file/],
    ['notes.txt', /is not a YAML file/],
    ['missing.yaml', /there is no file missing.yaml/],
    ['broken.yaml', /is not UTF-8 text/],
  ]
  it.each(outside)('does not read %j', async (path, message) => {
    await expect(call(url, 'readSpec', { path })).rejects.toThrow(message)
  })

  it('does not write, read, list, train or open what is outside', async () => {
    const write = (path: string) => call(url, 'writeSpec', { path, text: 'x', version: null })
    for (const path of ['../new.yaml', 'out/new.yaml', 'link.yaml', 'dangling.yaml'])
      await expect(write(path)).rejects.toThrow('is not in the folder')
    await expect(call(url, 'readFile', { path: 'link.yaml', start: 0, length: 9 })).rejects.toThrow('not in the folder')
    await expect(call(url, 'listFiles', { path: 'out' })).rejects.toThrow('is not in the folder')
    await expect(call(url, 'fileSize', { path: '../x' })).rejects.toThrow('is not in the folder')
    await expect(call(url, 'train', { spec: 'link.yaml' })).rejects.toThrow('is not in the folder')
    await expect(call(url, 'run', { folder: 'out/runs/a' })).rejects.toThrow('is not in the folder')
    await expect(call(url, 'diff', { before: 'digits.yaml', after: '/etc' })).rejects.toThrow('is not in the folder')
    const image = { image: '', invert: false }
    await expect(call(url, 'predict', { run: 'out/runs/a', ...image })).rejects.toThrow('is not in the folder')
    expect(readFileSync(join(secret, 'secret.yaml'), 'utf8')).toContain('name: secret')
  })

  it('follows links that stay inside, and reads files with any name', async () => {
    expect(await call(url, 'readSpec', { path: 'inside.yaml' })).toMatchObject({ text: digits })
    for (const path of hostile) expect(await call(url, 'readSpec', { path })).toMatchObject({ path, text: digits })
  })

  it('writes a spec only over the version that was read', async () => {
    const first = await call(url, 'writeSpec', { path: 'new/net.yaml', text: digits, version: null })
    expect(readFileSync(join(folder, 'new/net.yaml'), 'utf8')).toBe(digits)
    const { version } = await call(url, 'writeSpec', { path: 'new/net.yaml', text: 'a: 1\n', version: first.version })
    writeFileSync(join(folder, 'new/net.yaml'), 'a: 2\n')
    const late = call(url, 'writeSpec', { path: 'new/net.yaml', text: 'a: 3\n', version })
    await expect(late).rejects.toThrow('new/net.yaml was changed by another program')
    const again = call(url, 'writeSpec', { path: 'new/net.yaml', text: 'a: 3\n', version: null })
    await expect(again).rejects.toThrow('new/net.yaml already exists')
    expect(readFileSync(join(folder, 'new/net.yaml'), 'utf8')).toBe('a: 2\n')
  })

  it('reads parts of files for the checker', async () => {
    expect(await call(url, 'fileSize', { path: 'notes.txt' })).toEqual({ size: 7 })
    expect(await call(url, 'fileSize', { path: 'none.csv' })).toEqual({ size: null })
    const { bytes } = await call(url, 'readFile', { path: 'notes.txt', start: 3, length: 100 })
    expect(Buffer.from(bytes, 'base64').toString()).toBe('spec')
    expect((await call(url, 'listFiles', { path: 'deep' })).entries).toEqual([{ name: 'er', kind: 'folder' }])
  })
})

describe('calls', () => {
  const wrong: readonly [title: string, ask: () => Promise<unknown>, message: RegExp][] = [
    ['an engine', () => call(url, 'train', { spec: 'digits.yaml', engine: '--help' }), /there is no engine "--help"/],
    ['a number of epochs', () => call(url, 'train', { spec: 'digits.yaml', epochs: 0.5 }), /epochs must be a whole/],
    ['a target', () => call(url, 'compile', { path: 'a.yaml', text: '', target: 'exe' }), /there is no target "exe"/],
    ['an order without a training', () => call(url, 'pause', {}), /no training is running/],
    ['a run', () => call(url, 'run', { folder: 'deep' }), /deep is not a run folder/],
  ]
  it.each(wrong)('refuse %s that is not possible', async (_title, ask2, message) => {
    await expect(ask2()).rejects.toThrow(message)
  })

  it('compare two specs in terms of the model', async () => {
    const text = digits.replace('units: 10', 'units: 12')
    await call(url, 'writeSpec', { path: 'wide.yaml', text, version: null })
    expect(await call(url, 'diff', { before: 'digits.yaml', after: 'wide.yaml' })).toMatchObject({
      before: 'digits.yaml',
      layers: [{ kind: 'changed', name: 'dense', options: [{ key: 'units', before: 10, after: 12 }] }],
    })
  })

  it('list the runs that can be read, and name the damaged ones', async () => {
    writeFileSync(join(folder, 'runs/digits/resolved.json'), '{')
    const { damaged } = await call(url, 'runs', {})
    expect(damaged).toMatchObject([{ message: expect.stringContaining('resolved.json') }])
  })
})

it('a folder that does not exist, and a port that is taken, are named', async () => {
  const missing = join(temporaryFolder(), 'x')
  await expect(openStudio(missing, pages)).rejects.toThrow(`there is no folder ${missing}`)
})
