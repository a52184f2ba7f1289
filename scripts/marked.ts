/** Replaces the part of a text between the two marks of this name. */
export function replaceMarked(text: string, name: string, content: string): string {
  const begin = `<!-- ${name}: written by \`npm run generate\` -->\n`
  const end = `<!-- /${name} -->`
  const [before, rest] = text.split(begin)
  const after = rest?.split(end)[1]
  if (before === undefined || after === undefined) throw new Error(`the text has no marks of ${name}`)
  return `${before}${begin}${content}${end}${after}`
}
