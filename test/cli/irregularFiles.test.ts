/** Pipes, devices, sockets and folders where a file is needed: refused by name, and never waited for. */
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeImages } from '../runtime/datasets/imageFixture.ts'
import { bin, runCli } from './runCli.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const training = 'optimizer: sgd\nloss: sparseCategoricalCrossentropy\ntraining: { epochs: 1, batchSize: 4 }\n'
/** Of what is published, all is known; of other data, the spec says what the network takes. */
function trainable(dataset: string): string {
  const isPublished = /mnist|cifar|synthetic/.test(dataset)
  const units = /mnist|cifar/.test(dataset) ? 10 : 2
  const network = `layers:\n  - flatten\n  - dense: { units: ${units}, activation: softmax }\n`
  const input = isPublished ? '' : 'input: { shape: [4, 4, 3] }\n'
  return `name: example\n${input}dataset: ${dataset}\n${network}${training}`
}
const plain = 'name: example\ninput: { shape: [4] }\nlayers:\n  - dense: { units: 1 }\n'

let folder = ''
let server: Server
const at = (name: string) => join(folder, name)
const pipe = (name: string): string => {
  mkdirSync(dirname(at(name)), { recursive: true })
  rmSync(at(name), { force: true })
  execFileSync('mkfifo', [at(name)])
  return at(name)
}
const text = (name: string, content: string): string => {
  writeFileSync(at(name), content)
  return at(name)
}

describe.skipIf(process.platform === 'win32')('where a file is needed', () => {
  beforeAll(async () => {
    folder = temporaryFolder()
    server = createServer()
    await new Promise<void>((done) => server.listen(at('socket'), done))
    await writeImages(at('images'), ['a/0.png', 'a/1.png', 'b/0.png', 'b/1.png'])
    text('run.yaml', trainable('{ synthetic: { shape: [4, 3, 3], classes: 2, train: 8, test: 4 } }'))
    expect((await runCli(['train', at('run.yaml'), '--out', at('runs'), '--backend', 'cpu', '-q'])).code).toBe(0)
  }, 120_000)
  afterAll(() => {
    server.close()
  })

  it.each<[string, string[], () => string, RegExp]>([
    ['a pipe as spec', ['check'], () => pipe('pipe.yaml'), /pipe\.yaml is a pipe without a writer/],
    ['a device as spec', ['check'], () => '/dev/zero', /\/dev\/zero is a device, but a file is needed/],
    ['a socket as spec', ['check'], () => at('socket'), /socket is a socket, but a file is needed/],
    ['a device to summarize', ['summary'], () => '/dev/zero', /is a device/],
    ['a device to compile', ['compile'], () => '/dev/zero', /is a device/],
    ['a folder to summarize', ['summary'], () => at('images'), /images is a folder, but a file is needed/],
    ['a device to train', ['train'], () => '/dev/zero', /is a device/],
    [
      'a large spec',
      ['check'],
      () => text('large.yaml', `# ${'x'.repeat(10_000_000)}`),
      /large\.yaml has more than 10,000,000 bytes, the limit/,
    ],
  ])('%s', async (_name, command, path, message) => {
    const { code, stderr } = await runCli([...command, path()])
    expect(stderr).toMatch(message)
    expect(stderr).toMatch(/^help: /m)
    expect(code).toBe(2)
  })

  it.each<[string, string, string, RegExp]>([
    ['csv', '{ csv: { path: data.csv, label: y } }', 'data.csv', /data\.csv is a named pipe/],
    ['npz', '{ npz: { path: data.npz } }', 'data.npz', /data\.npz is a named pipe/],
    ['npy', '{ npy: { inputs: x.npy, targets: y.npy } }', 'x.npy', /x\.npy is a named pipe/],
    ['idx', '{ idx: { path: idx } }', 'idx/train-images-idx3-ubyte', /train-images-idx3-ubyte is a named pipe/],
    [
      'idx, packed',
      '{ idx: { path: packed } }',
      'packed/train-images-idx3-ubyte.gz',
      /train-images-idx3-ubyte\.gz is a named pipe/,
    ],
    [
      'mnist',
      '{ mnist: { path: digits } }',
      'digits/train-images-idx3-ubyte',
      /train-images-idx3-ubyte is a named pipe/,
    ],
    [
      'an archive of CIFAR',
      '{ cifar10: { path: cifar } }',
      'cifar/cifar-10-binary.tar.gz',
      /cifar-10-binary\.tar\.gz is a named pipe/,
    ],
    ['a file of CIFAR', '{ cifar10: { path: loose } }', 'loose/data_batch_1.bin', /data_batch_1\.bin is a named pipe/],
    [
      'an image',
      '{ imageFolder: { path: pictures, size: [4, 4], testSplit: 0 } }',
      'pictures/a/0.png',
      /0\.png:? is a named pipe/,
    ],
    [
      'names of classes',
      '{ imageFolder: { path: images, size: [4, 4], classNames: names.txt } }',
      'names.txt',
      /names\.txt is a named pipe/,
    ],
  ])('data of %s', async (_name, dataset, file, message) => {
    await writeImages(at('pictures'), ['a/1.png', 'b/0.png', 'b/1.png'])
    pipe(file)
    // Of a pair of files, both are there.
    pipe(file.replace('images-idx3', 'labels-idx1').replace('x.npy', 'y.npy'))
    const spec = text('spec.yaml', trainable(dataset))
    const trained = await runCli(['train', spec, '--out', at('none'), '--backend', 'cpu', '-q'], { cwd: folder })
    expect(trained.stderr + trained.stdout).toMatch(message)
    expect(trained.stderr).not.toMatch(/^\s+at /m)
    expect(trained.code).toBeGreaterThan(0)
    const looked = await runCli(['check', '--data', '--', spec], { cwd: folder })
    expect(looked.stderr + looked.stdout).toMatch(message)
    expect(looked.code).toBe(1)
    rmSync(at('pictures'), { recursive: true })
  })

  it('the first image, whose header has the size', async () => {
    pipe('only/a/0.png')
    const { stdout, code } = await runCli([
      'check',
      text('size.yaml', trainable('{ imageFolder: { path: only } }').replace(/input.*\n/, '')),
    ])
    expect(stdout).toMatch(/0\.png is a named pipe \(FIFO\), but a file is needed/)
    expect(code).toBe(1)
  })

  it.each([
    ['a pipe', () => pipe('sample.png')],
    ['a pipe with an array', () => pipe('sample.npy')],
    ['a device', () => '/dev/zero'],
    ['a socket', () => at('socket')],
  ])('an input of predict: %s', async (_name, path) => {
    const { stdout, stderr, code } = await runCli(['predict', at('runs/example'), path(), '--backend', 'cpu'])
    expect(stdout + stderr).toMatch(/is a (named pipe|device|socket)/)
    expect(code).toBeGreaterThan(0)
  })

  it.each(['spec.yaml', 'resolved.json', 'environment.json', 'metrics.jsonl', 'model/model.json', 'model/weights.bin'])(
    '%s of a run',
    async (file) => {
      const own = at(`runs/example/${file}`)
      renameSync(own, at('kept'))
      pipe(`runs/example/${file}`)
      const image = at('images/a/0.png')
      for (const command of [
        ['runs', at('runs')],
        ['evaluate', at('runs/example'), '--backend', 'cpu'],
        ['predict', at('runs/example'), image, '--backend', 'cpu'],
      ]) {
        const { stderr, signal } = await runCli(command)
        expect(signal).toBe(null)
        expect(stderr).not.toMatch(/^\s+at /m)
      }
      rmSync(own)
      renameSync(at('kept'), own)
    },
  )
})

describe.skipIf(process.platform === 'win32')('a pipe that the user means', () => {
  /** By a shell, which makes the pipe. */
  const shell = (command: string) =>
    new Promise<{ code: number | null; output: string }>((done, fail) => {
      const child = spawn('bash', ['-c', command], {
        env: { ...process.env, CLI: `${process.execPath} ${bin}`, NO_COLOR: '1' },
      })
      let output = ''
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
      child.on('error', fail)
      child.on('close', (code) => done({ code, output }))
    })

  const spec = JSON.stringify(plain.replaceAll('\n', '\\n'))
  it.each([
    ['of the shell', `$CLI check <(printf ${spec})`, 0, /^ok \/dev\/fd\/\d+: /],
    ['as standard input', `printf ${spec} | $CLI check -`, 0, /^ok -: /],
    ['as standard input, by its path', `printf ${spec} | $CLI check /dev/stdin`, 0, /^ok \/dev\/stdin: /],
    ['that never ends', 'yes | $CLI check -', 2, /standard input has more than 10,000,000 bytes/],
    ['from a device', '$CLI check - < /dev/zero', 2, /standard input has more than 10,000,000 bytes/],
  ])('%s', async (_name, command, code, output) => {
    const result = await shell(command)
    expect(result.output).toMatch(output)
    expect(result.code).toBe(code)
  })

  it('that is written late: reports what it waits for', async () => {
    const own = temporaryFolder()
    const path = join(own, 'late.yaml')
    execFileSync('mkfifo', [path])
    const child = spawn(process.execPath, [bin, 'check', path], { env: { ...process.env, NO_COLOR: '1' } })
    const [writer, output] = [await open(path, 'w'), { stdout: '', stderr: '' }]
    child.stdout.on('data', (chunk) => (output.stdout += chunk))
    const ended = new Promise((done) => child.on('close', done))
    await new Promise<void>((done) =>
      child.stderr.on('data', (chunk) => {
        output.stderr += chunk
        if (output.stderr.includes('late.yaml, which is a pipe; Ctrl-C stops')) done()
      }),
    )
    await writer.write(plain)
    await writer.close()
    expect(await ended).toBe(0)
    expect(output.stdout).toMatch(/^ok .*late\.yaml: 1 layer/)
  })
})
