/** The code of a layer as one text, in which the literals of blocks are found, and the stages that are read from it again. */
import type { Template } from '../python/foldBlocks.ts'
import type { Stage } from './layers/form.ts'
import { printLambda } from './layers/table.ts'
import type { NetworkLayer } from './network.ts'

/** What separates the parts of the code of a layer: its stages, the forms of a stage, its modules. */
const [stageMark, formMark, moduleMark] = ['\u0001', '\u0002', '\u0003']

/** The code of a layer in which literals are looked for: each stage as modules, and as an expression of its inputs. */
export function codeOfLayer(layer: NetworkLayer): string {
  const conversions = layer.conversions.map((stage) => (stage === undefined ? '' : 'converted'))
  const stages = [...(layer.conversions.length === 1 ? [layer.conversions[0]] : []), ...layer.stages]
  const printed = stages
    .filter((stage) => stage !== undefined)
    .map((stage) => [modulesOf(stage).join(moduleMark), expressionOf(stage, layer.inputs.length)].join(formMark))
  return [conversions.join(), ...printed].map(withDefaults).join(stageMark)
}

function modulesOf(stage: Stage): readonly string[] {
  return stage.modules ?? [stage.call!.length > 1 ? 'none' : printLambda(stage)]
}

const placeholder = (index: number) => `input${'abcdefgh'[index] ?? index}`

/** The expression of a stage; empty for a stage that is a module. */
function expressionOf(stage: Stage, inputs: number): string {
  if (stage.state !== undefined || stage.call === undefined) return ''
  return stage.call(...Array.from({ length: inputs }, (_one, index) => placeholder(index)))
}

/** States the stride and the padding of each convolution, which may differ between the uses of a block. */
function withDefaults(code: string): string {
  return code.replaceAll(
    /(nn\.Conv[123]d\(\d+, \d+, (?:\d+|\([^()]*\)))((?:, stride=[^=]*?(?=, \w+=|\)))?)((?:, padding=[^=]*?(?=, \w+=|\)))?)/g,
    (_all, start: string, stride: string, padding: string) =>
      `${start}${stride || ', stride=1'}${padding || ', padding=0'}`,
  )
}

function withoutDefaults(code: string): string {
  return code.replaceAll(/, stride=1(?=, padding=)/g, '').replaceAll(/, padding=0(?=[,)])/g, '')
}

export interface PrintedStage {
  readonly modules: readonly string[]
  /** Empty for a stage that is a module. */
  readonly expression: string
}

/** The stages of a layer, with the codes of its literals. */
export function stagesIn({ texts }: Template, codes: readonly string[]): readonly PrintedStage[] {
  const code = texts.map((text, place) => `${text}${codes[place] ?? ''}`).join('')
  return code
    .split(stageMark)
    .slice(1)
    .map((stage) => {
      const [modules, expression] = withoutDefaults(stage).split(formMark) as [string, string]
      return { modules: modules.split(moduleMark), expression }
    })
}
