export function pictureOf(_type: string): string {
  return ''
}
