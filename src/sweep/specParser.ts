/** Parses and expands the texts of one spec: as it is, with the values of a trial, or with fixes that are tried. */
import { compose, type ComposedSpec } from '../compose/compose.ts'
import { createParentReader, withTexts, type ReadParent } from '../compose/readParent.ts'
import { SettingsText, type Assignment } from '../compose/settings.ts'
import { parseSource, type ParsedSource } from '../source/source.ts'
import type { SpecTexts } from '../diagnostics/diagnostic.ts'
import type { Host } from '../system/host.ts'

/** The largest number of texts that are kept. Each trial of a sweep may try other fixes. */
const mostTexts = 64

export class SpecParser {
  readonly file: string
  private readonly settings: SettingsText | undefined
  private readonly parsed = new Map<string, ParsedSource>()
  private readonly composed = new Map<string, ComposedSpec>()

  private readonly readParent: ReadParent

  /**
   * @param settings The values of `--set`.
   * @param host Reads the files that the spec extends.
   * @throws KnownError if a setting cannot be read.
   */
  constructor(file: string, settings: readonly string[], host: Host | undefined) {
    this.file = file
    this.readParent = createParentReader(host)
    this.settings = settings.length === 0 ? undefined : new SettingsText(settings)
  }

  /**
   * Expands texts. Recovery and the trial of fixes often parse the same ones, and parsing is most of the work.
   *
   * @param values The values of a trial of its sweep.
   */
  parse({ text, otherTexts }: SpecTexts, values: readonly Assignment[] = []): ComposedSpec {
    const options = { settings: this.settings, readParent: withTexts(this.readParent, otherTexts) }
    if (values.length > 0) return asTrial(compose(this.parseText(text), { ...options, trial: values }))
    const key = [text, ...otherTexts.values()].join('\0')
    return remember(this.composed, key, () => compose(this.parseText(text), options))
  }

  private parseText(text: string): ParsedSource {
    return remember(this.parsed, text, () => parseSource(text, this.file))
  }
}

/** A trial has no sweep. */
function asTrial({ source, diagnostics, unused }: ComposedSpec): ComposedSpec {
  return { source, diagnostics, unused, isTrial: true }
}

function remember<T>(known: Map<string, T>, text: string, make: () => T): T {
  const found = known.get(text)
  if (found !== undefined) return found
  if (known.size >= mostTexts) known.clear()
  const made = make()
  known.set(text, made)
  return made
}
