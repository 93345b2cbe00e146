/** Hostile text in every place of a program that a spec or a command line fills: the script must be the harmless one. */
import { createEmitter, scriptFileName, type EmitOptions } from '../../src/backends/typescript/emit.ts'
import { printHeader, printOwnPart } from '../../src/backends/typescript/printOwnPart.ts'
import { Project } from '../../src/backends/typescript/tsMorph.ts'
import { checkText } from '../../src/analyze.ts'
import { call, express, type Call, type Expression } from '../../src/language/expression.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'
import type { Program } from '../../src/program/program.ts'
import { compareTrees } from './compareTrees.ts'
import { drawHostileText } from './hostileText.ts'
import { RandomSource, seedOfCase } from './randomSource.ts'

export interface ScriptFinding {
  readonly index: number
  readonly problem: string
}

/** Of how many cases one goes through linking and formatting as well, which take most of the time. */
const formattedEach = 200

export async function* fuzzScripts(
  count: number,
  seed: number,
  from = 0,
): AsyncGenerator<{ scripts: number; findings: readonly ScriptFinding[] }> {
  const judge = createJudge()
  let findings: ScriptFinding[] = []
  for (let index = from; index < from + count; index += 1) {
    const problem = await judge(new RandomSource(seedOfCase(seed, index)), index % formattedEach === 0)
    if (problem !== undefined) findings.push({ index, problem })
    const scripts = index + 1 - from
    if (scripts % 1000 === 0 || scripts === count) {
      yield { scripts, findings }
      findings = []
    }
  }
}

const placeholder = (index: number) => `placeholder${index}x`
const placeholders = Array.from({ length: 12 }, (_item, index) => placeholder(index))
const places = /placeholder(\d+)x/g

/** A network with a shared layer and two outputs, every free text of which is a placeholder. */
const spec = `
name: ${placeholder(0)}
dataset: mnist
layers:
  - conv2d: { name: ${placeholder(1)}, filters: 4, kernelSize: 3, padding: same }
  - conv2d: { name: ${placeholder(2)}, filters: 4, kernelSize: 3, padding: same }
  - apply: { name: ${placeholder(3)}, layer: ${placeholder(2)} }
  - flatten: { name: ${placeholder(4)} }
  - dense: { name: ${placeholder(5)}, units: 10, activation: softmax }
optimizer: adam
loss: categoricalCrossentropy
`

function harmlessProgram(): Program {
  const { spec: read, shaped } = checkText(spec, 'harmless.yaml')
  const program = lowerGraph(read, shaped)
  const layers = program.layers.map((layer, index) => ({
    ...layer,
    shape: `${layer.shape} ${placeholder(6)}`,
    ...('call' in layer &&
      index > 0 && {
        call: withOption(layer.call, placeholder(7), placeholder(8)),
      }),
  }))
  const loss = express({
    [placeholder(9)]: call('categoricalCrossentropy'),
    [placeholder(10)]: placeholder(10),
  })
  return {
    ...program,
    layers,
    ...(program.experiment && { experiment: { ...program.experiment, loss } }),
  }
}

/** As a layer whose options have free keys and texts would be lowered. */
function withOption({ args, ...rest }: Call, key: string, value: string): Call {
  const added = express({ [key]: value })
  return { ...rest, args: [...args, added] }
}

function withTexts(program: Program, replaced: (text: string) => string): Program {
  const { experiment } = program
  const inExpression = (expression: Expression) => replaceIn(expression, replaced)
  return {
    ...program,
    name: replaced(program.name),
    layers: program.layers.map((layer) => ({
      ...layer,
      name: replaced(layer.name),
      inputs: layer.inputs.map(replaced),
      shape: replaced(layer.shape),
      ...('call' in layer ? { call: inExpression(layer.call) as Call } : { applies: replaced(layer.applies) }),
    })),
    outputs: program.outputs.map(replaced),
    ...(experiment && {
      experiment: { ...experiment, loss: inExpression(experiment.loss) },
    }),
  }
}

function replaceIn(expression: Expression, replaced: (text: string) => string): Expression {
  const each = (part: Expression) => replaceIn(part, replaced)
  switch (expression.kind) {
    case 'literal':
      return typeof expression.value === 'string' ? { ...expression, value: replaced(expression.value) } : expression
    case 'list':
      return { ...expression, items: expression.items.map(each) }
    case 'record':
      return {
        ...expression,
        fields: expression.fields.map(([key, value]) => [replaced(key), each(value)]),
      }
    case 'call':
      return { ...expression, args: expression.args.map(each) }
    case 'seed':
    case 'reference':
      return expression
  }
}

/** Judges one case: what is wrong with its script, or undefined. */
function createJudge(): (random: RandomSource, isFormatted: boolean) => Promise<string | undefined> {
  const project = new Project({
    useInMemoryFileSystem: true,
    compilerOptions: { noLib: true },
  })
  const emitter = createEmitter()
  const harmless = harmlessProgram()
  const printed = new Map<string, string>()
  const print = async (program: Program, options: EmitOptions, isFormatted: boolean) =>
    isFormatted
      ? (await emitter.emitProgram(program, options)).text.split('\n// ---- Linked')[0]!
      : `${printHeader('script.ts', options, [])}\n\n${printOwnPart(project, program, options, nothingLinked)}`
  return async (random, isFormatted) => {
    const texts = drawDistinct(random)
    const replaced = (text: string) => text.replaceAll(places, (_all, index: string) => texts[Number(index)]!)
    const backend = random.pick(['auto', 'node', 'wasm'] as const)
    const language = random.pick(['ts', 'js'] as const)
    const options = {
      backend,
      language,
      specText: '',
      specFile: placeholder(11),
      version: '1.0.0',
    }
    const key = JSON.stringify([backend, language, isFormatted])
    const first = printed.get(key) ?? (await print(harmless, options, isFormatted))
    printed.set(key, first)
    const program = withTexts(harmless, replaced)
    const second = await print(program, { ...options, specFile: replaced(options.specFile) }, isFormatted)
    const fileName = scriptFileName(program.name, language)
    if (!/^[\w-]+\.(ts|mjs)$/.test(fileName)) return `is written to ${JSON.stringify(fileName)}`
    if (hidden.test(second)) return `holds the character ${JSON.stringify(hidden.exec(second)![0])}`
    return compareTrees(first, second, replaced)
  }
}

const nothingLinked = { declarations: [], imports: [], assets: [] }

/** What a reader does not see, or what cannot be written as UTF-8; the line feed is the script's own. */
const hidden = /[^\P{C}\n]|[\p{Zl}\p{Zp}]/u

function drawDistinct(random: RandomSource): string[] {
  const texts = new Set<string>()
  while (texts.size < placeholders.length) {
    const text = drawHostileText(random)
    // Beside hostile texts stand harmless ones, so that a mistake is not hidden by another.
    texts.add(random.chance(0.3) ? placeholder(texts.size) : text)
  }
  return [...texts]
}
