/**
 * The SARIF output against the schema of the standard, 2.1.0, which Microsoft's `@microsoft/jest-sarif` carries as its
 * release candidate 5. The errata published since then ask for one thing more that concerns us: a region has a start.
 */
import { createRequire } from 'node:module'
import AjvDraft4 from 'ajv-draft-04'
import { describe, expect, it } from 'vitest'
import { checkData } from '../../src/tasks/checkData/checkData.ts'
import { checkText } from '../../src/analyze.ts'
import { nodeHost } from '../../src/system/nodeHost.ts'
import { allCodes } from '../../src/diagnostics/codes.ts'
import { diagnosticPages } from '../../src/diagnostics/generated/pages.js'
import { renderSarif } from '../../src/diagnostics/renderSarif.ts'
import { readBrokenSpec } from '../validation/brokenSpecs/brokenSpec.ts'
import { foreignWordRows } from '../validation/brokenSpecs/foreignWords.ts'
import { meaningRows } from '../validation/brokenSpecs/meaning.ts'
import { networkRows } from '../validation/brokenSpecs/networks.ts'
import { structureRows } from '../validation/brokenSpecs/structure.ts'
import { valueRows } from '../validation/brokenSpecs/values.ts'
import { yamlRows } from '../validation/brokenSpecs/yamlText.ts'

interface SarifLog {
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } }
      readonly results: readonly SarifResult[]
    },
  ]
}

interface SarifResult {
  readonly ruleId: string
  readonly ruleIndex: number
  readonly level: string
  readonly locations: readonly [{ readonly physicalLocation: PhysicalLocation }]
  readonly relatedLocations?: readonly { readonly physicalLocation: PhysicalLocation }[]
}

interface PhysicalLocation {
  readonly artifactLocation: { readonly uri: string }
  readonly region: { readonly startLine: number; readonly startColumn: number }
}

const schema = createRequire(import.meta.url)('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json') as object
const isUri = (text: string) => /^[a-z][a-z0-9+.-]*:[!-~]+$/i.test(text) && !/[<>"{}|\\^`]/.test(text)
/** RFC 3986: visible ASCII but a few, percent signs only before two digits, and no colon in the first step of a path. */
const isUriReference = (text: string) =>
  isUri(text) || (/^(?:[!-~](?<![<>"{}|\\^`%])|%[0-9a-f]{2})*$/i.test(text) && !/^[^/?#]*:/.test(text))
const ajv = new AjvDraft4.default({
  strict: false,
  unicodeRegExp: false,
  allErrors: true,
  formats: { uri: isUri, 'uri-reference': isUriReference, 'date-time': true },
})
const validate = ajv.compile(schema)

function logOf(texts: readonly (readonly [file: string, text: string])[]): SarifLog {
  const files = texts.map(([file, text]) => ({
    file,
    text,
    diagnostics: checkText(text, file, { host: nodeHost }).diagnostics,
  }))
  const log = JSON.parse(renderSarif(files, '1.2.3')) as SarifLog
  expect(validate(log) ? [] : validate.errors).toEqual([])
  const { tool, results } = log.runs[0]
  for (const { ruleId, ruleIndex, locations, relatedLocations = [] } of results) {
    expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId)
    for (const { physicalLocation } of [...locations, ...relatedLocations])
      expect(Math.min(physicalLocation.region.startLine, physicalLocation.region.startColumn)).toBeGreaterThan(0)
  }
  expect(results).toHaveLength(files.reduce((sum, { diagnostics }) => sum + diagnostics.length, 0))
  return log
}

const tables = { foreignWordRows, meaningRows, networkRows, structureRows, valueRows, yamlRows }

describe('SARIF 2.1.0', () => {
  it.each(Object.entries(tables))('of all %s is valid', (_name, rows) => {
    const { results } = logOf(rows.map((row, index) => [`specs/${index}.yaml`, readBrokenSpec(row).text])).runs[0]
    expect(results.length).toBeGreaterThanOrEqual(rows.length)
  })

  it('of a spec without mistakes is valid, and lists all rules', () => {
    const log = logOf([['a.yaml', 'name: a\ninput: { shape: [4] }\nlayers: [{ dense: { units: 2 } }]\n']])
    expect(log.runs[0].results).toEqual([])
    expect(log.runs[0].tool.driver.rules.map(({ id }) => id)).toEqual(allCodes)
  })

  it('shows both places of a duplicate name', () => {
    const text = 'name: a\ninput: { shape: [4] }\nlayers:\n  - reLU: { name: x }\n  - reLU: { name: x }\n'
    const { results } = logOf([['a.yaml', text]]).runs[0]
    const result = results.find(({ ruleId }) => ruleId === 'graph/duplicate-name')
    expect(result?.relatedLocations?.[0]?.physicalLocation.region.startLine).toBe(4)
  })

  it('gives the places in the data that a diagnostic is about', async () => {
    const wrong = diagnosticPages['data/not-finite'].wrong
    const { source, diagnostics } = await checkData(checkText(wrong, 'a.yaml', { host: nodeHost }))
    const unplaced = { ...diagnostics[0]!, evidence: { places: [{ message: 'test sample 3' }], more: 0 } }
    const log = JSON.parse(
      renderSarif([{ file: 'a.yaml', text: source.text, diagnostics: [...diagnostics, unplaced] }], '1.2.3'),
    ) as SarifLog
    expect(validate(log) ? [] : validate.errors).toEqual([])
    const [placed, other] = log.runs[0].results
    expect(placed!.relatedLocations).toEqual([
      {
        message: { text: '`volume` is Infinity' },
        physicalLocation: {
          artifactLocation: { uri: 'docs/examples/fruit.csv' },
          region: { startLine: 6, startColumn: 1 },
        },
      },
    ])
    expect(other!.relatedLocations).toEqual([{ message: { text: 'test sample 3' } }])
  })

  it.each([
    ['my specs/a.yaml', 'my%20specs/a.yaml'],
    ['specs\\a.yaml', 'specs/a.yaml'],
    ['größe.yaml', 'gr%C3%B6%C3%9Fe.yaml'],
    ['100%.yaml', '100%25.yaml'],
    ['a#b?.yaml', 'a%23b%3F.yaml'],
    ['a:b.yaml', 'a%3Ab.yaml'],
    ['x[1].yaml', 'x%5B1%5D.yaml'],
    ['C:\\specs\\a.yaml', 'file:///C:/specs/a.yaml'],
    ['/specs/a.yaml', 'file:///specs/a.yaml'],
    ['-', '-'],
  ])('writes the file %s as the URI %s', (file, uri) => {
    const [result] = logOf([[file, 'name: 1\n']]).runs[0].results
    expect(result?.locations[0].physicalLocation.artifactLocation.uri).toBe(uri)
  })

  it('refuses invalid SARIF', () => {
    expect(validate({ version: '2.1.0', runs: [{ tool: {} }] })).toBe(false)
  })
})
