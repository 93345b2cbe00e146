/** The files that the static page keeps in the browser, in IndexedDB: runs, and data that the user added. */

export interface StoredFile {
  readonly bytes: Uint8Array
  /** In milliseconds. */
  readonly modified: number
}

const table = 'files'

const opened = new Promise<IDBDatabase>((done, fail) => {
  const request = indexedDB.open('shapewright-studio', 1)
  request.addEventListener('upgradeneeded', () => request.result.createObjectStore(table))
  request.addEventListener('success', () => done(request.result))
  request.addEventListener('error', () => fail(refused(request.error)))
})
// Each use reports the failure.
opened.catch(() => undefined)

/** The files whose paths begin with `start`. */
export async function readStored(start: string): Promise<ReadonlyMap<string, StoredFile>> {
  const files = new Map<string, StoredFile>()
  await transact('readonly', (store) => {
    store.openCursor(pathsFrom(start)).addEventListener('success', ({ target }) => {
      const cursor = (target as IDBRequest<IDBCursorWithValue | null>).result
      if (cursor === null) return
      files.set(String(cursor.key), cursor.value as StoredFile)
      cursor.continue()
    })
  })
  return files
}

/** Replaces all files whose paths begin with `start`: all or none. */
export async function replaceStored(start: string, files: ReadonlyMap<string, StoredFile>): Promise<void> {
  await transact('readwrite', (store) => {
    store.delete(pathsFrom(start))
    for (const [path, file] of files) store.put(file, path)
  })
}

export async function addStored(files: ReadonlyMap<string, StoredFile>): Promise<void> {
  await transact('readwrite', (store) => {
    for (const [path, file] of files) store.put(file, path)
  })
}

function pathsFrom(start: string): IDBKeyRange {
  return IDBKeyRange.bound(start, `${start}\uffff`)
}

async function transact(mode: IDBTransactionMode, work: (store: IDBObjectStore) => void): Promise<void> {
  const transaction = (await opened).transaction(table, mode)
  await new Promise<void>((done, fail) => {
    transaction.addEventListener('complete', () => done())
    transaction.addEventListener('abort', () => fail(refused(transaction.error)))
    work(transaction.objectStore(table))
  })
}

function refused(error: DOMException | null): Error {
  return new Error(`This browser does not keep files for the page: ${error?.message ?? 'it gives no reason'}`)
}
