/** What commands and reports need of run folders; it loads no TensorFlow.js. */
export { ignoreLostReaders } from '../runtime/lostReaders.ts'
export type { ModelMetadata } from '../runtime/modelMetadata.ts'
export { openRunFiles, readVerified } from '../runtime/runFiles.ts'
export { RunFolderError } from '../runtime/runFolderError.ts'
export { makeFolder, stateOfFolder } from '../runtime/runFolderState.ts'
export { lockRun, unlockRun } from '../runtime/runLock.ts'
