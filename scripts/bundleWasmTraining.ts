/** Bundles the training kernels as one readable ES module: the folder wasm-training/, which compiled scripts share. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { format } from 'prettier'
import { printOrigin, fillInDigest } from '../src/system/marks.ts'
import { version } from '../src/system/version.ts'

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const { peerDependencies } = JSON.parse(readFileSync(at('package.json'), 'utf8')) as {
  readonly peerDependencies: Readonly<Record<string, string>>
}
const tensorflow = peerDependencies['@tensorflow/tfjs']
const needed = ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-wasm'].map((name) => `${name}@${tensorflow}`)
const origin = printOrigin('the training kernels', version)

const types = `// ${origin}.

/**
 * Lets TensorFlow.js train on its WASM backend: starts the backend, in one thread, unless it is in use, and adds the
 * kernels and gradients that it lacks. A second call changes nothing.
 *
 * @throws Error if the backend does not start.
 */
export declare function registerTrainingKernels(): Promise<void>

/** Starts @tensorflow/tfjs-node where it is installed, with the gradients that it lacks; else the WASM backend with \`registerTrainingKernels\`. */
export declare function startEngine(): Promise<void>
`

const readme = `<!-- ${origin} -->

# wasm-training

Lets any TensorFlow.js program train on the WASM backend, which by itself lacks the kernels of most gradients.

    npm install ${needed.join(' ')}

    import { registerTrainingKernels } from './wasm-training/index.js'
    await registerTrainingKernels() // starts the backend; from here on, train as usual
`

/** Makes the module an ES module in projects whose own package.json says `commonjs`, as that of `npm init` does. */
const description = `${JSON.stringify({ '//': origin, private: true, type: 'module' }, undefined, 2)}\n`

/** Returns the files of the folder by name. */
export async function bundleWasmTraining(): Promise<ReadonlyMap<string, Uint8Array>> {
  const { outputFiles } = await build({
    stdin: {
      contents: "export * from './runtime/kernels/registerTrainingKernels.ts'; export * from './script/startEngine.ts'",
      resolveDir: at('src'),
      loader: 'ts',
    },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    external: ['@tensorflow/*'],
    logLevel: 'warning',
  })
  // Each source file imports TensorFlow.js; the bundled module imports it once.
  const code = outputFiles[0]!.text
    .replaceAll(/^\/\/ src\/.*\n|^import .*["']@tensorflow\/tfjs["'];?\n/gm, '')
    .replaceAll(/\btf\d+\b/g, 'tf')
  const head = `// ${origin}. It needs @tensorflow/tfjs and @tensorflow/tfjs-backend-wasm.\n\nimport * as tf from '@tensorflow/tfjs'\n`
  const style = { parser: 'babel', semi: false, singleQuote: true, printWidth: 120 } as const
  const script = await format(head + code, style)
  const encode = (text: string) => new TextEncoder().encode(fillInDigest(text))
  return new Map([
    ['index.js', encode(script)],
    ['index.d.ts', encode(types)],
    ['package.json', encode(description)],
    ['trainingKernels.wasm', new Uint8Array(readFileSync(at('src/runtime/kernels/trainingKernels.wasm')))],
    ['README.md', encode(readme)],
  ])
}
