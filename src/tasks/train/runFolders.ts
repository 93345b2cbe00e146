/** The functions on run folders and signals that commands and reports use. Does not load TensorFlow.js. */
export { ignoreLostReaders } from '../../system/lostReaders.ts'
export { listenForInterruption } from '../../runtime/training/interruption.ts'
export { metadataFields, type ModelMetadata } from '../../runtime/runs/modelMetadata.ts'
export { openRunFiles, readVerified, readVerifiedRecord } from '../../runtime/runs/verifiedFiles.ts'
export { makeFolder, stateOfFolder } from '../../runtime/runs/runFolderState.ts'
export { lockRun, unlockRun } from '../../runtime/runs/runLock.ts'
