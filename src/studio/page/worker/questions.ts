/** The parts of the language service that are not needed for the first check. */
export { codeActionsAt } from '../../../editor/codeActions.ts'
export { completionsAt } from '../../../editor/completion.ts'
export { definitionAt } from '../../../editor/definitions.ts'
export { hoverAt } from '../../../editor/hover.ts'
