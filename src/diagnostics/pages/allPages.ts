/** Every page, by code. Loaded by `explain` and the documentation, never by `check`. */
import type { DiagnosticCode } from '../codes.ts'
import { dataPages } from './data.ts'
import { enginePages } from './engine.ts'
import { graphPages } from './graph.ts'
import { meaningPages } from './meaning.ts'
import type { DiagnosticPage } from './page.ts'
import { schemaPages } from './schema.ts'
import { shapePages } from './shape.ts'
import { sourcePages } from './source.ts'

export const diagnosticPages: Readonly<Record<DiagnosticCode, DiagnosticPage>> = {
  ...sourcePages,
  ...schemaPages,
  ...graphPages,
  ...shapePages,
  ...enginePages,
  ...dataPages,
  ...meaningPages,
}
