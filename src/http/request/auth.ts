import { parseCookie } from 'cookie'
import type { Keys } from '../../catalogue/keys.ts'
import { PortolanError } from '../../domain/errors.ts'
import { isAllowedFrom, type Key } from '../../domain/key.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The key that the request presents; undefined where it presents none. */
    key: Key | undefined
  }
}

/**
 * The key text in the header field Authorization: a Bearer token, or the password of Basic authentication with any user name, for clients
 * that support nothing else. RFC 6750, RFC 7617. Undefined where the field has neither form; empty where the password is.
 */
export function keyTextIn(authorization: string): string | undefined {
  const match = /^(bearer|basic) +([^\s]+)$/i.exec(authorization)
  if (!match?.[1] || !match[2]) return undefined
  if (match[1].toLowerCase() === 'bearer') return match[2]
  const pair = Buffer.from(match[2], 'base64').toString('utf8')
  return pair.slice(pair.indexOf(':') + 1)
}

/** The cookie in which a browser keeps the key that opens pages. */
export const keyCookie = 'portolan-key'

/** The key text in the header field Cookie. */
export function cookieKey(cookie: string | undefined): string | undefined {
  const text = cookie === undefined ? undefined : parseCookie(cookie)[keyCookie]
  return text === '' ? undefined : text
}

/**
 * The key that a header field presents, to a client at an IP address. A key that is presented must be valid, even where none is needed;
 * an empty password is none.
 * @throws PortolanError `unauthorized`, `address_not_allowed`
 */
export function identifyKey(keys: Keys, authorization: string | undefined, address: string): Key | undefined {
  if (authorization === undefined) return undefined
  const text = keyTextIn(authorization)
  if (text === undefined)
    throw new PortolanError(
      'unauthorized',
      'Authorization must be Bearer with a key, or Basic with the key as password.'
    )
  if (text === '') return undefined
  const key = keys.find(text)
  if (!key) throw new PortolanError('unauthorized', 'The key is unknown, expired or revoked.')
  if (!isAllowedFrom(key, address))
    throw new PortolanError('address_not_allowed', `The key ${key.id} may not be used from ${address}.`)
  keys.markUsed(key)
  return key
}
