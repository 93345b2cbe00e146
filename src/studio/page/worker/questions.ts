/** The parts of the language service that are not needed for the first check. */
export { codeActionsAt } from '../../../editor/codeActions.ts'
export { definitionAt } from '../../../editor/definitions.ts'
export { hoverAt } from '../../../editor/hover.ts'
export { completeWithFiles } from './completeWithFiles.ts'
