import { withoutUndefined } from '../../json/without-undefined.ts'
import { textOfSource } from '../source-page.ts'
import { type Gathering, type GatherRequest, requireContent } from './gathering.ts'

/**
 * Asks Cloudflare for its addresses: one document, or for a URL that ends in `ips-v4` or `ips-v6` both texts. They are joined, first the older
 * family, as `cat` does it. Where one fails neither counts, and both are small enough to be asked for as a whole.
 */
export function* gatherCloudflare({ url, validators }: GatherRequest): Gathering {
  const { pathname } = new URL(url)
  if (!/\/ips-v[46]\/?$/i.test(pathname)) return yield { url, validators }
  const texts: string[] = []
  let status: number | undefined
  for (const family of ['4', '6']) {
    const next = new URL(url)
    next.pathname = pathname.replace(/[46](\/?)$/, `${family}$1`)
    const fetched = yield* requireContent(next.href)
    if (fetched.kind === 'failed') return fetched
    status = fetched.status
    texts.push(textOfSource({ bytes: fetched.bytes, name: `ips-v${family}` }).replace(/\n?$/, '\n'))
  }
  return withoutUndefined({ kind: 'content' as const, bytes: Buffer.from(texts.join('')), status })
}
