/** Starts the webgpu engine and prints it, or the error: a process of webgpu.test.ts. */
import { isKnownError } from '../../../src/system/knownError.ts'
import { startEngine } from '../../../src/runtime/engines/startEngine.ts'

startEngine('webgpu').then(
  (engine) => process.stdout.write(JSON.stringify(engine)),
  (error: unknown) => {
    if (!isKnownError(error, 'engine')) throw error
    process.stdout.write(JSON.stringify({ message: error.message, help: error.help }))
  },
)
