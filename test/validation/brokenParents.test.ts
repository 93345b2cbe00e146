/** Every row of `brokenSpecs/parents.ts`: one mistake, one message, in the file and on the line where it was made, and its fix. */
import { describe, expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'
import { editTexts, isOfSpec, type Diagnostic } from '../../src/diagnostics/diagnostic.ts'
import { FileLines } from '../../src/diagnostics/positions.ts'
import { printExpanded } from '../../src/compose/expandedSpec.ts'
import { filesHost, type Files } from '../compose/filesHost.ts'
import { goodParent, parentRows, type BrokenFiles } from './brokenSpecs/parents.ts'

const mark = / *# ✗ ([a-z]+\/[a-z-]+)$/

const isProblem = ({ severity }: Diagnostic) => severity !== 'hint'

function readRow({ spec, files }: BrokenFiles): { files: Files; mistakes: string[] } {
  const marked = Object.entries({ 'base.yaml': goodParent, ...files, 'spec.yaml': spec })
  const mistakes = marked.flatMap(([file, text]) =>
    text.split('\n').flatMap((line, index) => {
      const code = mark.exec(line)?.[1]
      return code === undefined ? [] : [`${code} ${file}:${index + 1}`]
    }),
  )
  const clean = marked.map(([file, text]) => [
    file,
    text
      .split('\n')
      .map((line) => line.replace(mark, ''))
      .join('\n'),
  ])
  return { files: Object.fromEntries(clean) as Files, mistakes }
}

const analyze = (files: Files) => checkText(files['spec.yaml']!, 'spec.yaml', { host: filesHost(files) })

describe('extends, override and abstract', () => {
  it.each(parentRows.map((row) => [row.title, row] as const))('%s', (_title, row) => {
    const { files, mistakes } = readRow(row)
    expect(mistakes).toHaveLength(1)
    const { source, diagnostics } = analyze(files)
    const problems = diagnostics.filter(isProblem)
    const lines = new FileLines('spec.yaml', source.text, source.otherTexts)
    const found = problems.map(({ code, span }) => `${code} ${lines.fileOf(span)}:${lines.range(span).start.line}`)
    expect(found, problems.map(({ message }) => message).join('\n')).toEqual(mistakes)
    const { fixes } = problems[0]!
    const fixed = fixes.map(({ edits }) => editTexts(source, edits))
    for (const { text, otherTexts } of fixed) {
      const after = analyze({ ...files, ...Object.fromEntries(otherTexts), 'spec.yaml': text })
      expect(after.diagnostics.filter(isProblem)).toEqual([])
    }
    if (row.fixed !== undefined) expect(fixed[0]?.text).toContain(row.fixed)
    if (row.fixedParent !== undefined) expect(fixed[0]?.otherTexts.get('base.yaml')).toContain(row.fixedParent)
    expect(fixes.some(isOfSpec)).toBe(row.fixed !== undefined)
  })

  it.each(parentRows.map((row) => [row.title, row] as const))(
    '%s has the same mistake when expanded',
    (_title, row) => {
      const { files } = readRow(row)
      const { source, diagnostics } = analyze(files)
      const isText = diagnostics.some(({ code }) => code.startsWith('source/') || code.startsWith('compose/'))
      if (source.unknown.length > 0 || isText || row.isOfComposition === true) return
      const plain = checkText(printExpanded(source), 'spec.yaml', { host: filesHost(files) })
      const originOf = ({ code, path }: Diagnostic) => {
        const written = source.writtenAt(path)!
        return `${code} ${written.document.file} ${written.path.join('/')}`
      }
      const own = diagnostics.map(({ code, span, path }) => `${code} ${span.file ?? 'spec.yaml'} ${path.join('/')}`)
      expect([...new Set(plain.diagnostics.map(originOf))].toSorted()).toEqual([...new Set(own)].toSorted())
    },
  )
})
