import { securityHeaders } from '../../http/answer/headers.ts'

/** A page loads its own scripts and styles, and asks this service. It needs nothing else, and nobody may frame it. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'"
].join('; ')

const pageType = 'text/html; charset=utf-8'

/** What a browser may do with a page. */
export const pageSecurity: Readonly<Record<string, string>> = {
  ...securityHeaders,
  'content-security-policy': policy,
  // Under `no-referrer` a browser sends a form with `Origin: null`, which is what a page of another site would have.
  'referrer-policy': 'same-origin'
}

/** The same for every page. */
export const pageAnswer = { contentType: pageType, representation: 'html', security: pageSecurity }

/** How long a browser keeps a page that is pinned: a release lays it out anew. */
export const pinnedSeconds = 3600

/** Where reads need a key, it may come as a cookie. */
export function varyOf(isPublic: boolean): Readonly<Record<string, string>> {
  return isPublic ? {} : { vary: 'accept, accept-encoding, authorization, cookie' }
}
