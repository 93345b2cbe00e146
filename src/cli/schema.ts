/** Implements `shapewright schema`: prints the JSON Schema of specs. */
import { composeEditorSchema } from '../validation/editorSchema.ts'
import { exitCodes } from '../system/exitCodes.ts'

export function schemaCommand(): number {
  process.stdout.write(`${JSON.stringify(composeEditorSchema(), null, 2)}\n`)
  return exitCodes.fine
}
