// `npm start`: trains on real data for one epoch with the built command line.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('..', import.meta.url))
const spec = 'configs/mnist-cnn.yaml'
const steps = [
  ['check', spec],
  ['summary', spec],
  ['train', spec, '--epochs', '1', '--threads', 'auto'],
  ['compile', spec],
]
for (const args of steps) {
  console.error(`\n$ npx shapewright ${args.join(' ')}`)
  const { status, signal } = spawnSync(process.execPath, ['dist/bin.cjs', ...args], { cwd: folder, stdio: 'inherit' })
  if (signal !== null) process.kill(process.pid, signal)
  if (status !== 0) process.exit(status ?? 1)
}
console.error(`
Next:
  npx shapewright train ${spec}             all five epochs: 97.3% and more
  npx tsx generated/mnist-cnn.ts --epochs 1  the same training as a script of its own
  npx shapewright init my-model              a spec to change: try a poolSize of 29, then \`check\` it
  npx shapewright studio configs             the same in the browser: edit, see shapes, train, draw a digit
  npx shapewright doctor                     which engines work here, and how to get the fastest
`)
