/** `shapewright/check` runs in a browser: bundled without a node: module, and with the same result as in Node.js. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { beforeAll, describe, expect, it } from 'vitest'
import { check, fix, prepareHost, type FileSource } from '../../src/check.ts'
import { repository } from '../cli/runCli.ts'
import { findChromium, openPage } from '../report/chromium.ts'
import { writeIdx } from '../runtime/datasets/idxFixture.ts'
import { bytesOf, writeNpy } from '../runtime/formats/npyFixture.ts'
import { writeZip } from '../runtime/formats/zipFixture.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const folder = temporaryFolder()

const labels = Array.from({ length: 50 }, (_, at) => at % 7)
const arrays = new Map([
  ['x_train.npy', writeNpy('|u1', [8, 6, 5], new Uint8Array(240))],
  ['y_train.npy', writeNpy('<i8', [8], bytesOf(BigInt64Array.from([0n, 1n, 2n, 3n, 0n, 1n, 2n, 3n])))],
])
/** In base64, as a page can hold them. */
const files: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({
    'iris.csv': Buffer.from('length,colour,species\n1,red,a\n2,blue,b\n3,red,c\n'),
    'data.npz': Buffer.from(writeZip(arrays, true)),
    'kmnist/train-images-idx3-ubyte.gz': gzipSync(writeIdx([50, 28, 28], new Uint8Array(50 * 784))),
    'kmnist/train-labels-idx1-ubyte.gz': gzipSync(writeIdx([50], labels)),
  }).map(([name, content]) => [name, content.toString('base64')]),
)

const network = (dataset: string, units: number, first = 'flatten, ') =>
  `name: example\ndataset: ${dataset}\nlayers: [${first}{ dense: { units: ${units}, activation: softmax } }]\noptimizer: sgd\nloss: categoricalCrossentropy\ntraining: { batchSize: 2 }\n`
const specs = [
  network('mnist', 10),
  'name: broken\ndataset: mnist\nlayers: [{ conv2d: { filters: 8, kernelSize: 30 } }, { Dense: { units: 10 } }]\n',
  network('{ csv: { path: iris.csv, label: species } }', 3, ''),
  network('{ csv: { path: iris.csv, label: kind } }', 3, ''),
  network('{ npz: { path: data.npz } }', 4),
  network('{ idx: { path: kmnist } }', 6),
  network('{ csv: { path: none.csv, label: kind } }', 3),
]

/** What both sides do; it uses nothing but what it is given. */
async function examine(
  api: { readonly check: typeof check; readonly fix: typeof fix; readonly prepareHost: typeof prepareHost },
  texts: readonly string[],
  stored: Readonly<Record<string, string>>,
): Promise<unknown[]> {
  const bytes = (path: string) => Uint8Array.from(atob(stored[path]!), (letter) => letter.charCodeAt(0))
  const source: FileSource = {
    size: async (path) => (Object.hasOwn(stored, path) ? bytes(path).length : undefined),
    list: async (path) => {
      const names = Object.keys(stored).filter((name) => name.startsWith(`${path}/`))
      return names.length === 0
        ? undefined
        : names.map((name) => ({ name: name.slice(path.length + 1), kind: 'file' as const }))
    },
    read: async (path, start, length) => bytes(path).slice(start, start + length),
  }
  return await Promise.all(
    texts.map(async (text) => {
      const host = await api.prepareHost(text, source)
      const { diagnostics, layers, isValid, rangeOf } = api.check(text, { host })
      return {
        isValid,
        layers,
        diagnostics: diagnostics.map((one) => ({ ...one, range: rangeOf(one.span) })),
        fixed: api.fix(text, { host }).text,
      }
    }),
  )
}

let script = ''
beforeAll(async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(repository, 'src/check.ts')],
    bundle: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'shapewright',
    write: false,
    metafile: true,
  })
  script = outputFiles[0]!.text
  expect(Object.values(metafile.outputs).flatMap(({ imports }) => imports)).toEqual([])
})

it('does not import Node.js, and describes files', async () => {
  expect(script).not.toMatch(/require\(|from ?["']node:/)
  const results = (await examine({ check, fix, prepareHost }, specs, files)) as {
    readonly isValid: boolean
    readonly diagnostics: readonly { readonly code: string }[]
  }[]
  const codes = results.map(({ diagnostics }) => diagnostics.map(({ code }) => code).join(' '))
  expect(codes[0]).toBe('')
  expect(codes[1]).toMatch(/shape\/kernel-exceeds-input/)
  expect(codes[2]).toBe('')
  expect(codes[3]).toMatch(/^data\/unknown-column/)
  expect(codes[4]).toBe('')
  expect(codes[5]).toMatch(/meaning\/class-count/)
  expect(codes[6]).toMatch(/^data\/unknown-shape/)
})

const chromium = findChromium()
if (chromium === undefined) console.warn('skipped: Chromium was not found')

describe.skipIf(chromium === undefined)('in Chromium', () => {
  it('gives the same as in Node.js', { timeout: 120_000 }, async () => {
    const page = join(folder, 'page.html')
    writeFileSync(join(folder, 'check.js'), script)
    writeFileSync(
      page,
      `<!doctype html><meta charset="utf-8"><pre id="result"></pre><script src="check.js"></script><script>
const examine = ${examine.toString().replaceAll('</', '<\\/')}
examine(shapewright, ${JSON.stringify(specs)}, ${JSON.stringify(files)}).then(
  (results) => { document.getElementById('result').textContent = btoa(unescape(encodeURIComponent(JSON.stringify(results)))) },
  (error) => { document.getElementById('result').textContent = String(error.stack) },
)
</script>`,
    )
    const { document, complaints } = await openPage(chromium!, page)
    expect(complaints).toEqual([])
    const shown = /<pre id="result">([^<]*)<\/pre>/.exec(document)![1]!
    const results: unknown = JSON.parse(Buffer.from(shown, 'base64').toString('utf8'))
    const expected: unknown = JSON.parse(JSON.stringify(await examine({ check, fix, prepareHost }, specs, files)))
    expect(results).toEqual(expected)
  })
})
