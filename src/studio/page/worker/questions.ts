/** The parts of the language service that are not needed for the first check. */
export { completionsAt } from '../../../editor/completion.ts'
export { definitionAt } from '../../../editor/definitions.ts'
export { hoverAt } from '../../../editor/hover.ts'
