/** The table of all commands, in the order of the help. Each action is loaded when it is called, except `check`, to start fast. */
import { checkCommand } from '../check.ts'
import { check } from './check.ts'
import { compile } from './compile.ts'
import { data } from './data.ts'
import { dataGet } from './dataGet.ts'
import type { Argument, ArgumentsOf, Declaration, Option, ValuesOf } from './declareCommand.ts'
import { diff } from './diff.ts'
import { doctor } from './doctor.ts'
import { evaluate } from './evaluate.ts'
import { expand } from './expand.ts'
import { explain } from './explain.ts'
import { exportRun } from './export.ts'
import { importNetwork } from './import.ts'
import { init } from './init.ts'
import { lsp } from './lsp.ts'
import { mcp } from './mcp.ts'
import { predict } from './predict.ts'
import { report } from './report.ts'
import { runs } from './runs.ts'
import { schema } from './schema.ts'
import { setupNative } from './setupNative.ts'
import { studio } from './studio.ts'
import { summary } from './summary.ts'
import { sweep } from './sweep.ts'
import { train } from './train.ts'

/** The exit code of a command. */
type ExitCode = number | Promise<number>
type Options = Readonly<Record<string, Option>>
type Action<A extends readonly Argument[], O extends Options> = (...given: [...ArgumentsOf<A>, ValuesOf<O>]) => ExitCode

export interface Command {
  readonly declaration: Declaration
  /** Loads the action, and calls it with the arguments and then the options. */
  run(given: readonly unknown[]): Promise<number>
}

/** The types check that the action's parameters match the declaration, by which commander parses them. */
function command<A extends readonly Argument[], O extends Options>(
  declaration: Declaration<A, O>,
  load: () => Promise<Action<A, O>> | Action<A, O>,
): Command {
  return {
    declaration,
    run: async (given) => await (await load())(...(given as [...ArgumentsOf<A>, ValuesOf<O>])),
  }
}

export const commands: readonly Command[] = [
  command(init, async () => (await import('../init.ts')).initCommand),
  command(check, () => async (specs, { data: folder, ...options }) => {
    if (options.target !== undefined && options.target !== 'ts') {
      return await (await import('../checkTarget.ts')).checkTargetCommand(specs, { ...options, data: folder })
    }
    if (folder === undefined) return await checkCommand(specs, options)
    return await (await import('../checkData.ts')).checkDataCommand(specs, { ...options, data: folder })
  }),
  command(expand, async () => (await import('../expand.ts')).expandCommand),
  command(summary, async () => (await import('../summary.ts')).summaryCommand),
  command(train, async () => (await import('../train.ts')).trainCommand),
  command(sweep, async () => (await import('../sweep.ts')).sweepCommand),
  command(evaluate, async () => (await import('../evaluate.ts')).evaluateCommand),
  command(predict, async () => (await import('../predict.ts')).predictCommand),
  command(report, async () => (await import('../report.ts')).reportCommand),
  command(runs, async () => (await import('../runs.ts')).runsCommand),
  command(diff, async () => (await import('../diff.ts')).diffCommand),
  command(exportRun, async () => (await import('../export.ts')).exportCommand),
  command(importNetwork, async () => (await import('../import.ts')).importCommand),
  command(compile, async () => (await import('../compile.ts')).compileCommand),
  command(data, async () => (await import('../data.ts')).dataCommand),
  command(dataGet, async () => (await import('../dataGet.ts')).dataGetCommand),
  command(explain, async () => (await import('../explain.ts')).explainCommand),
  command(doctor, async () => (await import('../doctor.ts')).doctorCommand),
  command(setupNative, async () => (await import('../setupNative.ts')).setupNativeCommand),
  command(schema, async () => (await import('../schema.ts')).schemaCommand),
  command(studio, async () => (await import('../studio.ts')).studioCommand),
  command(lsp, async () => (await import('../lsp.ts')).lspCommand),
  command(mcp, async () => (await import('../mcp.ts')).mcpCommand),
]

/** The help of commands that only group others. */
export const groups: Readonly<Record<string, string>> = { setup: 'install optional parts' }
