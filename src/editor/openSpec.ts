import { checkText, type AnalysisOptions } from '../analyze.ts'
import { documentOf, type SpecDocument } from './specDocument.ts'

/** Analyzes a spec. */
export function openSpec(text: string, file: string, options: AnalysisOptions = {}): SpecDocument {
  return documentOf(checkText(text, file, options), text, file, options)
}
