/** The thread that reads HDF5 files: it answers the calls of `hdf5.ts` one after the other until that ends it. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Hdf5Answer, Hdf5Call, Hdf5ThreadData } from './hdf5.ts'
import { DamagedHdf5Error, Hdf5Reader } from './hdf5Reader.ts'

const { port, answered } = workerData as Hdf5ThreadData
let reader: Hdf5Reader | undefined

port.on('message', (call: Hdf5Call) => {
  void answer(call).then((given) => {
    port.postMessage(given)
    Atomics.add(answered, 0, 1)
    Atomics.notify(answered, 0)
  })
})

async function answer(call: Hdf5Call): Promise<Hdf5Answer> {
  try {
    return { value: await perform(call) }
  } catch (error) {
    if (error instanceof DamagedHdf5Error) return { damage: error.message, cause: String(error.cause) }
    return { bug: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

async function perform({ name, given }: Hdf5Call): Promise<unknown> {
  if (name === 'open') {
    reader = await Hdf5Reader.open(...given)
    return undefined
  }
  if (name === 'close') {
    reader?.close()
    reader = undefined
    return undefined
  }
  if (reader === undefined) throw new RangeError('no file is open')
  switch (name) {
    case 'attribute':
      return reader.attribute(...given)
    case 'names':
      return reader.names(...given)
    case 'shape':
      return reader.shape(...given)
    case 'values':
      return reader.values(...given)
  }
}

parentPort!.postMessage('ready', [])
