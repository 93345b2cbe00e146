/** Puts hostile text wherever a spec or a command line can put text into a program: the script must stay harmless. */
import { createEmitter, scriptFileName, sectionsOf, type EmitOptions } from '../../src/backends/typescript/emit.ts'
import { printHeader } from '../../src/backends/typescript/printHeader.ts'
import { checkText } from '../../src/analyze.ts'
import { express, type Call, type Expression } from '../../src/language/expression.ts'
import { lowerGraph } from '../../src/program/lowerGraph.ts'
import type { Program } from '../../src/program/program.ts'
import { compareTrees } from './compareTrees.ts'
import { drawHostileText } from './hostileText.ts'
import { RandomSource, seedOfCase } from './randomSource.ts'

export interface ScriptFinding {
  readonly index: number
  readonly problem: string
}

/** One in this many cases is also linked and formatted, which takes most of the time. */
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

/** A network with a shared layer and two outputs, in which every free text is a placeholder. */
const spec = `
name: ${placeholder(0)}
dataset: { mnist: { path: ${placeholder(10)} } }
layers:
  - conv2d: { name: ${placeholder(1)}, filters: 4, kernelSize: 3, padding: same }
  - conv2d: { name: ${placeholder(2)}, filters: 4, kernelSize: 3, padding: same }
  - apply: { name: ${placeholder(3)}, layer: ${placeholder(2)} }
  - flatten: { name: ${placeholder(4)} }
  - dense: { name: ${placeholder(5)}, units: 10, activation: softmax }
  - dense: { name: ${placeholder(9)}, inputs: ${placeholder(4)}, units: 10, activation: softmax }
outputs: [${placeholder(5)}, ${placeholder(9)}]
optimizer: adam
loss: categoricalCrossentropy
metrics: [accuracy]
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
  return { ...program, layers }
}

/** Adds an option with a free key and text to the call of a layer. */
function withOption({ args, ...rest }: Call, key: string, value: string): Call {
  const added = express({ [key]: value })
  return { ...rest, args: [...args, added] }
}

function withTexts(program: Program, replaced: (text: string) => string): Program {
  const { script } = program
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
    ...(script && {
      script: {
        ...script,
        dataset: inExpression(script.dataset) as Call,
        outputs: script.outputs.map((output) => ({ ...output, name: replaced(output.name) })),
      },
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
      return expression
    case 'reference':
      return { ...expression, ...(expression.otherwise !== undefined && { otherwise: each(expression.otherwise) }) }
  }
}

/** Creates a function that returns the problem of a case's script, or undefined. */
function createJudge(): (random: RandomSource, isFormatted: boolean) => Promise<string | undefined> {
  const emitter = createEmitter()
  const harmless = harmlessProgram()
  const printed = new Map<string, readonly string[]>()
  /** Prints a script in parts, each with its own names, because a function of one may have the name of a layer in another. */
  const print = async (program: Program, options: EmitOptions, isFormatted: boolean): Promise<readonly string[]> => {
    if (!isFormatted) {
      const codes = sectionsOf(program, options.backend, 'script').map(({ code }) => code)
      return [printHeader('script.ts', options, program), ...codes.join('\n\n').split('\n\n')]
    }
    // File names are derived from the program's name; the other cases cover its other uses.
    const { text } = await emitter.emitProgram({ ...program, name: 'script' }, options)
    return text.split(/^\/\/ ---- (?:Model|Data|Training|Program) -+$/m).slice(0, 2)
  }
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
    const whole = second.join('\n')
    if (hidden.test(whole)) return `holds the character ${JSON.stringify(hidden.exec(whole)![0])}`
    if (first.length !== second.length) return 'has other parts'
    for (const [index, part] of first.entries()) {
      const problem = compareTrees(part, second[index]!, replaced)
      if (problem !== undefined) return problem
    }
    return undefined
  }
}

/** Characters that are invisible or cannot be encoded as UTF-8, except the line feeds of the script. */
const hidden = /[^\P{C}\n]|[\p{Zl}\p{Zp}]/u

function drawDistinct(random: RandomSource): string[] {
  const texts = new Set<string>()
  while (texts.size < placeholders.length) {
    const text = drawHostileText(random)
    // Some texts are harmless, so that one mistake does not hide another.
    texts.add(random.chance(0.3) ? placeholder(texts.size) : text)
  }
  return [...texts]
}
