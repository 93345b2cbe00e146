/** Reads files that lie beside the page. */

/** @throws Error if the file cannot be read. */
export async function readText(path: string): Promise<string> {
  return await (await request(path)).text()
}

export async function readJson(path: string): Promise<unknown> {
  return await (await request(path)).json()
}

async function request(path: string): Promise<Response> {
  const response = await fetch(new URL(path, document.baseURI))
  if (!response.ok) throw new Error(`${path} could not be read: ${response.status} ${response.statusText}`)
  return response
}
