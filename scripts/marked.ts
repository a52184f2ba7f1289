/** A text with what stands between two marks replaced. */
export function marked(text: string, name: string, content: string): string {
  const begin = `<!-- ${name}: written by \`npm run generate\` -->\n`
  const end = `<!-- /${name} -->`
  const [before, rest] = text.split(begin)
  const after = rest?.split(end)[1]
  if (before === undefined || after === undefined) throw new Error(`a text lacks the marks of ${name}`)
  return `${before}${begin}${content}${end}${after}`
}
