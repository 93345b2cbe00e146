/** What commands and reports need of run folders; it loads no TensorFlow.js. */
export { ignoreLostReaders } from '../../system/lostReaders.ts'
export { metadataFields, type ModelMetadata } from '../../runtime/runs/modelMetadata.ts'
export { openRunFiles, readVerified, readVerifiedRecord } from '../../runtime/runs/verifiedFiles.ts'
export { makeFolder, stateOfFolder } from '../../runtime/runs/runFolderState.ts'
export { lockRun, unlockRun } from '../../runtime/runs/runLock.ts'
