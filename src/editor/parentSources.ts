/** The files that a spec extends, as they are written. */
import { settingsFile } from '../diagnostics/diagnostic.ts'
import { parseSource, type SourceDocument } from '../source/source.ts'

/** Parses the files that a spec extends, the farthest first. */
export function readParents({ otherTexts }: SourceDocument): readonly SourceDocument[] {
  const texts = [...otherTexts].filter(([file]) => file !== settingsFile)
  return texts.map(([file, text]) => parseSource(text, file).source).toReversed()
}
