/** The tools of `shapewright mcp`. Each reads specs of the working folder and returns text; none writes a file. */
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import * as z from 'zod'
import { checkText, type Analysis } from '../analyze.ts'
import { hasErrors } from '../diagnostics/diagnostic.ts'
import { countOf } from '../diagnostics/formatCount.ts'
import { plainPalette, renderPretty } from '../diagnostics/renderPretty.ts'
import { applyFixes } from '../fixes.ts'
import { compareModels } from '../report/diff/compareModels.ts'
import { modelFacts } from '../report/diff/modelFacts.ts'
import { renderDiff } from '../report/diff/renderDiff.ts'
import { reportSummaryTable } from '../report/summary.ts'
import type { Confinement } from '../system/confinedHost.ts'
import { KnownError } from '../system/knownError.ts'
import { asKnownError } from '../system/systemError.ts'
import { renderAnalysis } from './check.ts'
import { expandedText } from './expand.ts'
import { explanationOf } from './explain.ts'
import { readSpecFile } from './specFiles.ts'

const path = z.string().min(1).describe('The YAML file of the spec, relative to the working folder')
const text = z.string().optional().describe('The text of the spec, if it is not saved yet; overrides that of the file')
const settings = z.array(z.string()).optional().describe('Values that override those of the spec: `vars.width=64`')
const spec = { path, text, set: settings }

const fixKinds = z
  .enum(['rewrites', 'all'])
  .optional()
  .describe('`rewrites` (default) keeps the meaning; `all` also applies suggestions, which may change it')

const annotations = { readOnlyHint: true, idempotentHint: true, openWorldHint: false }

export function registerTools(server: McpServer, folder: Confinement): void {
  const tools = new SpecTools(folder)
  server.registerTool(
    'check',
    {
      description: 'Check a spec: every mistake with its place, reason and fix, or what was proven.',
      inputSchema: spec,
      annotations,
    },
    (input) => answer(() => tools.check(input)),
  )
  server.registerTool(
    'expand',
    {
      description: 'Print the plain spec: variables, blocks, repeats and parents expanded, each value with its origin.',
      inputSchema: spec,
      annotations,
    },
    (input) => answer(() => tools.expand(input)),
  )
  server.registerTool(
    'summary',
    {
      description: 'List the layers of a valid spec with their output shapes and parameters, and the cost of a step.',
      inputSchema: spec,
      annotations,
    },
    (input) => answer(() => tools.summarize(input)),
  )
  server.registerTool(
    'explain',
    {
      description: 'Explain a code of a diagnostic with a wrong and a right spec. Without a code, list all codes.',
      inputSchema: { code: z.string().optional().describe('Such as `shape/kernel-exceeds-input`') },
      annotations,
    },
    ({ code }) => answer(() => explanationOf(code, plainPalette)),
  )
  server.registerTool(
    'diff',
    {
      description: 'Compare the networks and settings of two valid specs.',
      inputSchema: {
        before: path,
        after: path,
        afterText: text.describe('The text of the second spec, if it is not saved yet'),
      },
      annotations,
    },
    ({ before, after, afterText }) => answer(() => tools.compare({ path: before }, { path: after, text: afterText })),
  )
  server.registerTool(
    'fix',
    {
      description:
        'Return the corrected text of a spec and what is left to correct. Nothing is written: save it yourself.',
      inputSchema: { ...spec, kinds: fixKinds },
      annotations,
    },
    (input) => answer(() => tools.fix(input, input.kinds ?? 'rewrites')),
  )
}

type SpecInput = z.infer<z.ZodObject<typeof spec>>

/** The tools that read specs. */
class SpecTools {
  readonly #folder: Confinement

  constructor(folder: Confinement) {
    this.#folder = folder
  }

  check(input: SpecInput): string {
    return renderAnalysis(this.#analyze(input), plainPalette)
  }

  /** @throws KnownError if mistakes prevent it. */
  expand(input: SpecInput): string {
    const expanded = expandedText(this.#analyze(input))
    if (expanded !== undefined) return expanded
    const help = 'correct the mistakes of its text and its composition, which `check` lists'
    throw new KnownError('usage', `${input.path} cannot be expanded`, help)
  }

  summarize(input: SpecInput): string {
    return reportSummaryTable(this.#analyzeValid(input), true)
  }

  compare(before: SpecInput, after: SpecInput): string {
    const [old, fresh] = [this.#analyzeValid(before), this.#analyzeValid(after)]
    return renderDiff(compareModels(modelFacts(before.path, old), modelFacts(after.path, fresh)), plainPalette)
  }

  /** Returns a report and the corrected text. */
  fix(input: SpecInput, kinds: 'rewrites' | 'all'): readonly string[] {
    const before = this.#analyze(input).source.text
    const fixed = applyFixes(before, (changed) => this.#analyze({ ...input, text: changed }), kinds)
    const changes = fixed.applied.map(({ title }) => `- ${title}\n`).join('')
    const left = this.check({ ...input, text: fixed.text })
    const count = countOf(fixed.applied.length, 'fix', 'fixes')
    return [`${count} applied.\n${changes}\n${left}\nThe corrected text follows.`, fixed.text]
  }

  #analyze(input: SpecInput, isWhole = false): Analysis {
    const file = this.#folder.resolve(input.path)
    const options = { host: this.#folder.host, settings: input.set, trials: true, isWhole }
    return checkText(input.text ?? readSpecFile(file), input.path, options)
  }

  /** @throws KnownError if the spec has errors, with their list. */
  #analyzeValid(input: SpecInput): Analysis {
    const analysis = this.#analyze(input, true)
    const { source, diagnostics } = analysis
    if (!hasErrors(diagnostics)) return analysis
    const errors = diagnostics.filter(({ severity }) => severity === 'error')
    const listed = renderPretty(errors, source.text, source.file, plainPalette, source.otherTexts)
    throw new KnownError('usage', `${input.path} has errors:\n\n${listed}`, 'correct them, or call `fix`')
  }
}

type Texts = string | readonly string[]

/** Calls a tool. A failure with a known cause becomes an error that the assistant can read and act on. */
async function answer(call: () => Texts | Promise<Texts>): Promise<CallToolResult> {
  try {
    const texts = [await call()].flat()
    return { content: texts.map((part) => ({ type: 'text', text: part })) }
  } catch (error) {
    const known = asKnownError(error)
    if (known === undefined) throw error
    return { content: [{ type: 'text', text: `${known.message}\nhelp: ${known.help}` }], isError: true }
  }
}
