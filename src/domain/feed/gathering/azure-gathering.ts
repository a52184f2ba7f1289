import { isWebPage } from '../source-page.ts'
import { type Gathering, type GatherRequest, notGathered, requireContent } from './gathering.ts'

/**
 * Asks for the service tags of Azure. Where the URL answers with the page of the download, it is the one file that the page links to, whose name
 * changes each week.
 */
export function* gatherAzure({ url, validators }: GatherRequest): Gathering {
  // A file says for itself whether it has changed, and a page leads to a file that may be the same.
  if (/\.json$/i.test(new URL(url).pathname)) return yield { url, validators }
  const page = yield* requireContent(url)
  if (page.kind === 'failed') return page
  const text = Buffer.from(page.bytes).toString('utf8')
  if (!isWebPage(text)) return page
  const links = linksOf(text, url)
  const [link] = links
  if (link === undefined)
    return notGathered('the page links to no file ServiceTags_NAME_YYYYMMDD.json of its own hosts')
  if (links.length > 1)
    return notGathered(`the page links to ${links.length} files of service tags: give the URL of the one that is meant`)
  const fetched = yield { url: link, validators: validators.version === link ? validators : {} }
  return fetched.kind === 'content' ? { ...fetched, version: link } : fetched
}

/** Different links to files of service tags, on the hosts of the page: `www.example.com` stands for `example.com` and all below it. */
function linksOf(page: string, from: string): readonly string[] {
  const base = new URL(from)
  const family = base.hostname.replace(/^www\./, '')
  const isOwn = ({ hostname }: URL) => hostname === family || hostname.endsWith(`.${family}`)
  // As scripts in the page write a slash.
  const text = page.replaceAll('\\u002F', '/').replaceAll('\\/', '/')
  const written = [
    ...[...text.matchAll(/\bhref\s*=\s*["']([^"']*)["']/gi)].map(([, link = '']) => link),
    ...[...text.matchAll(/https?:\/\/[^\s"'<>\\]+/gi)].map(([link]) => link)
  ]
  const links = written
    .map((link) => link.replaceAll('&amp;', '&'))
    .flatMap((link) => (URL.canParse(link, from) ? [new URL(link, from)] : []))
    .filter(({ pathname }) => /\/ServiceTags_[^/]+_\d{8}\.json$/i.test(pathname))
    .filter((link) => isOwn(link) && (link.protocol === base.protocol || link.protocol === 'https:'))
  return [...new Set(links.map(({ href }) => href))]
}
