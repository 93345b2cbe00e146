/** Prints the part of a script that runs it: `main`. */
import type { ScriptExperiment } from '../../program/lowerScript.ts'
import type { ScriptBackend } from './emitOptions.ts'
import { express } from '../../language/expression.ts'
import { expressionsIn } from './expressionsIn.ts'
import { printExpression, quote } from './printExpression.ts'

const startCalls: Readonly<Record<ScriptBackend, string>> = {
  auto: 'startEngine',
  node: 'startNodeEngine',
  wasm: 'registerTrainingKernels',
}

/** @param stem The name of the script without extension, and of the folder of its runs. */
export function printProgram(
  stem: string,
  backend: ScriptBackend,
  { dataset, isStreamed, nodePatches, weights }: ScriptExperiment,
  needsData: boolean,
): string {
  // Generated samples are not read from a folder.
  const isRead = expressionsIn(dataset).some(({ kind }) => kind === 'reference')
  // The other engines are started with all patches.
  const patches = backend === 'node' ? nodePatches : []
  return `async function main(): Promise<void> {
  const { help, ${isRead ? 'data: path, ' : ''}out = ${quote(`runs/${stem}`)}, training: options } = readArguments(training)
  if (help) return console.log('Options: --epochs N --batch-size N --learning-rate X --seed N ${isRead ? '--data PATH ' : ''}--out PATH')
  await ${startCalls[backend]}()
  ${patches.map((patch) => `${patch}()\n`).join('')}  const data = await loadData(${isRead ? 'path' : ''})
  const model = buildModel(options.seed)${weights ? `\n  loadWeights(model, ${printExpression(express(weights.layers))}, ${printExpression(weights.read)})` : ''}
  const trainer = createTrainer(model, options${needsData ? ', data' : ''})
  let folder = out
  for (let next = 2; existsSync(folder); next++) folder = \`\${out}-\${next}\`
  mkdirSync(folder, { recursive: true })
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort())
  process.exitCode = 3 // for what fails from here on
  await train(trainer, data, options, folder, stop.signal)
  await saveModel(model, folder)
  console.log(\`saved in \${folder}\`)
  if (data.test && !stop.signal.aborted) console.log(\`test\${formatLogs(${isStreamed ? 'await ' : ''}evaluate(trainer, data.test))}\`)
  process.exitCode = stop.signal.aborted ? 130 : 0
}`
}

/** The last line of a script, where all declarations above it are initialized. */
export const startLine =
  'if (process.argv[1] && realpathSync(process.argv[1]) === import.meta.filename) main().catch(reportFailure)'
