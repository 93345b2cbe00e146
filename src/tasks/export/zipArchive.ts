/** Writes zip archives whose bytes depend on their content only: the date is fixed, and nothing is compressed. */
import { ZipFile } from 'yazl'

/** The date of all members. */
export const archiveDate = new Date(1980, 0, 1)

/**
 * Encodes an archive, in pieces.
 *
 * @param members The content of each member, after its name.
 * @param comment The comment of the archive, at its end.
 */
export async function encodeZip(members: Iterable<readonly [string, Buffer]>, comment: string): Promise<Buffer[]> {
  const archive = new ZipFile()
  for (const [name, content] of members) archive.addBuffer(content, name, { compress: false, mtime: archiveDate })
  archive.end({ comment, forceZip64Format: false })
  const pieces: Buffer[] = []
  for await (const piece of archive.outputStream) pieces.push(piece as Buffer)
  return pieces
}
