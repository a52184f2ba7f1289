import { type HTMLElement, parse } from 'node-html-parser'
import type { TestApp } from '../../support/app.ts'

/** A page as a browser without scripts has it. */
export interface HtmlPage {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly html: string
  readonly root: HTMLElement
  /** The text of `main`, with single spaces. */
  readonly text: string
  /** The texts of all elements that a selector finds. */
  texts(selector: string): readonly string[]
}

/** Opens a page as a browser does. */
export async function openPage(
  { request }: Pick<TestApp, 'request'>,
  url: string,
  headers: Readonly<Record<string, string>> = {}
): Promise<HtmlPage> {
  const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
  const answer = await request({ url, headers: { accept, ...headers } })
  const root = parse(answer.body)
  return {
    status: answer.statusCode,
    headers: answer.headers,
    html: answer.body,
    root,
    text: plain(
      parse(root.querySelector('main')?.innerHTML.replace(/<\/(?:t[dh]|d[td]|p|li|h\d)>/g, '$& ') ?? '').textContent
    ),
    texts: (selector) => root.querySelectorAll(selector).map(({ textContent }) => plain(textContent))
  }
}

function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
