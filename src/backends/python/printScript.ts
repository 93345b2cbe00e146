/** Puts a Python script together: its header, imports and sections, each after the definitions of the library that it uses. */
import { fillInDigest } from '../../system/marks.ts'
import { headerLines } from '../typescript/printHeader.ts'
import type { ScriptOrigin } from '../typescript/emitOptions.ts'
import { layOut } from './layOut.ts'
import { printImports } from './printImports.ts'
import { printPythonComment } from './printLiteral.ts'
import { definitionsFor, readLibrary } from './pythonLibrary.ts'

export interface PythonScript {
  readonly fileName: string
  readonly text: string
}

export interface PythonParts {
  /** The back ends with a `library`, each after those whose definitions it uses. */
  readonly libraries: readonly string[]
  /** The name of the target, as `compile --target` takes it. */
  readonly target: string
  readonly fileName: string
  /** The docstring of the script, one line. */
  readonly summary: string
  /** Whether the script trains the network, and so has options; otherwise it prints it. */
  readonly trains: boolean
  /** Top-level code in order: functions, classes and constants. Lines may be longer than 120 characters. */
  readonly sections: readonly string[]
}

/** @param origin What the script is compiled from. */
export function printPythonScript(parts: PythonParts, origin: ScriptOrigin): PythonScript {
  const { libraries, target, fileName, summary, trains, sections } = parts
  const library = readLibrary(libraries)
  const placed = new Set<string>()
  const pieces = sections.flatMap((section) => [
    ...definitionsFor(section, library, placed).map(({ text }) => text),
    section,
  ])
  const constants = pieces.filter(isConstant)
  const others = pieces.filter((piece) => !isConstant(piece))
  const code = [
    ...(constants.length === 0 ? [] : [constants.join('\n')]),
    ...others,
    'if __name__ == "__main__":\n    raise SystemExit(main())',
  ].join('\n\n\n')
  const run = trains
    ? `Run it: python ${fileName} --epochs 1   (--help lists the options)`
    : `Show it: python ${fileName}`
  const header = headerLines(origin, ['--target', target]).map(printPythonComment)
  const text = `${header.join('\n')}\n"""${summary} ${run}"""\n\n${printImports(code)}\n${constants.length === 0 ? '\n\n' : '\n'}${layOut(code)}\n`
  return { fileName, text: fillInDigest(text) }
}

/** Whether code is a constant of one line. */
function isConstant(code: string): boolean {
  return !code.includes('\n') && /^\w+(?:, \w+)*(?:: [^=]+)? = /.test(code)
}
