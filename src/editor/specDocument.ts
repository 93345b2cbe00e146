/** An open spec: its text, its analysis, and the layers that each written item of a list of layers became. */
import type { Analysis, AnalysisOptions } from '../analyze.ts'
import { FileLines, type LineIndex } from '../diagnostics/positions.ts'
import { once } from '../system/once.ts'
import { findItems, type WrittenItem } from './writtenItems.ts'

export interface SpecDocument {
  readonly file: string
  readonly text: string
  readonly lines: LineIndex
  /** The lines of the spec and of the other files that diagnostics point to. */
  readonly files: FileLines
  readonly analysis: Analysis
  /** The options of the analysis, for further analyses of changed texts. */
  readonly options: AnalysisOptions
  /** The items of all lists of layers that became layers of the network, by the offset of their type. */
  readonly items: ReadonlyMap<number, WrittenItem>
}

export function documentOf(
  analysis: Analysis,
  text: string,
  file: string,
  options: AnalysisOptions = {},
): SpecDocument {
  const files = new FileLines(file, text, analysis.source.otherTexts)
  // Diagnostics, which an editor shows first, need none of them.
  const items = once(() => findItems(analysis.source, analysis.shaped))
  return {
    file,
    text,
    lines: files.linesOf({ start: 0, end: 0 }),
    files,
    analysis,
    options,
    get items() {
      return items()
    },
  }
}
