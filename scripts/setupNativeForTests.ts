/** Sets up the native engine before the tests of CI. Exits with 1 if that fails. */
import { setupNative } from '../src/setup/setupNative.ts'
import { silentProgress } from '../src/setup/setupProgress.ts'

try {
  const { message } = await setupNative({}, { ...silentProgress, step: (text) => console.error(text) })
  console.error(message)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
