import MarkdownIt from 'markdown-it'
import type { SubjectPack } from '../../domain/change-pack/subject-pack.ts'
import { xmlText } from '../xml-text.ts'
import { packMarkdown } from './pack-markdown.ts'

/** A change pack as a page of HTML: what its Markdown says, without styles, scripts or anything of another host. `url`: the same as JSON. */
export function packHtml(pack: SubjectPack, url: string): string {
  const body = new MarkdownIt({ html: false }).render(packMarkdown(pack, url))
  const title = xmlText(`${pack.product}: from ${pack.from.label} to ${pack.to.label}`)
  return `<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>${title}</title>\n</head>\n<body>\n${body}</body>\n</html>\n`
}
