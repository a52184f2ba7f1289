import MarkdownIt from 'markdown-it'

/** A guide as a page shows it: links between guides lead to their pages, tables and code scroll, and headings have the ids of GitHub. */
export function guideParser(names: readonly string[]): InstanceType<typeof MarkdownIt> {
  const parser = new MarkdownIt({ html: false })
  const { rules } = parser.renderer
  let tables = 0
  rules.link_open = (tokens, index, options, _env, self) => {
    const token = tokens[index]
    const href = String(token?.attrGet('href') ?? '')
    const own = /^(?:\.\/)?([\w-]+)\.md(#.*)?$/.exec(href)
    const [, name = '', hash = ''] = own ?? []
    if (token && names.includes(name)) token.attrSet('href', name + hash)
    // What is not served is named, and is no link.
    else if (token && !/^(?:https?:\/\/|#)/.test(href)) token.attrs = null
    else if (token && !href.startsWith('#')) token.attrSet('rel', 'noreferrer')
    return self.renderToken(tokens, index, options)
  }
  rules.heading_open = (tokens, index, options, _env, self) => {
    tokens[index]?.attrSet('id', headingId(tokens[index + 1]?.content ?? ''))
    return self.renderToken(tokens, index, options)
  }
  rules.table_open = () => {
    tables += 1
    return `<div class="table" role="region" tabindex="0" aria-label="Table ${tables}"><table>\n`
  }
  rules.table_close = () => '</table></div>\n'
  const code = (content: string) => `<pre tabindex="0">${parser.utils.escapeHtml(content)}</pre>\n`
  rules.fence = (tokens, index) => code(tokens[index]?.content ?? '')
  rules.code_block = rules.fence
  return parser
}

/** `What holds, and when` is `what-holds-and-when`. */
function headingId(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')
}
