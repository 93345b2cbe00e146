/** Renders diagnostics as SARIF 2.1.0 (OASIS), which code hosts and editors read. */
import { allCodes } from './codes.ts'
import { summaryOf } from './summaries.ts'
import { noOtherTexts, type DataPlace, type Diagnostic, type Fix } from './diagnostic.ts'
import { FileLines } from './positions.ts'

const levels = { error: 'error', warning: 'warning', hint: 'note' } as const

export interface SarifFile {
  readonly file: string
  readonly text: string
  readonly otherTexts?: ReadonlyMap<string, string>
  readonly diagnostics: readonly Diagnostic[]
}

export function renderSarif(files: readonly SarifFile[], version: string): string {
  const rules = allCodes.map((id) => ({ id, shortDescription: { text: summaryOf(id) } }))
  const results = files.flatMap(({ file, text, otherTexts = noOtherTexts, diagnostics }) => {
    const lines = new FileLines(file, text, otherTexts)
    const regionOf = (span: Diagnostic['span']) => {
      const { start, end } = lines.range(span)
      return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column }
    }
    const locate = (span: Diagnostic['span']) => ({
      artifactLocation: { uri: toUri(lines.fileOf(span)) },
      region: regionOf(span),
    })
    const describeFix = ({ kind, title, edits }: Fix) => ({
      description: { text: title },
      artifactChanges: [...new Set(edits.map(({ span }) => lines.fileOf(span)))].map((changed) => ({
        artifactLocation: { uri: toUri(changed) },
        replacements: edits
          .filter(({ span }) => lines.fileOf(span) === changed)
          .map(({ span, newText }) => ({ deletedRegion: regionOf(span), insertedContent: { text: newText } })),
      })),
      properties: { kind },
    })
    return diagnostics.map(({ code, severity, message, help, span, related, evidence, fixes }) => ({
      ruleId: code,
      ruleIndex: allCodes.indexOf(code),
      level: levels[severity],
      message: { text: help === undefined ? message : `${message} (${help})` },
      locations: [{ physicalLocation: locate(span) }],
      ...relatedLocations([
        ...related.map((place) => ({ message: place.message, physicalLocation: locate(place.span) })),
        ...(evidence?.places ?? []).map(locateInData),
      ]),
      ...(fixes.length > 0 && { fixes: fixes.map(describeFix) }),
    }))
  })
  const driver = { name: 'shapewright', version, rules }
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results }],
  }
  return `${JSON.stringify(log, null, 2)}\n`
}

interface RelatedLocation {
  readonly message: string
  readonly physicalLocation?: object
}

function relatedLocations(locations: readonly RelatedLocation[]): object {
  if (locations.length === 0) return {}
  return { relatedLocations: locations.map(({ message, ...place }) => ({ message: { text: message }, ...place })) }
}

/** A sample that has no file of its own is located only by its message. */
function locateInData({ file, line, message }: DataPlace): RelatedLocation {
  if (file === undefined) return { message }
  const region = line === undefined ? {} : { region: { startLine: line, startColumn: 1 } }
  return { message, physicalLocation: { artifactLocation: { uri: toUri(file) }, ...region } }
}

/** Converts a file name to a URI reference (RFC 3986); an absolute one gets the scheme `file`. */
function toUri(file: string): string {
  const steps = file.replaceAll('\\', '/').split('/')
  const [first = '', ...rest] = steps
  const path = steps.map(encodeURIComponent).join('/')
  if (/^[A-Za-z]:$/.test(first) && rest.length > 0) return `file:///${first}/${rest.map(encodeURIComponent).join('/')}`
  return path.startsWith('/') ? `file://${path}` : path
}
