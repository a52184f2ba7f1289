import { isIPv6 } from 'node:net'
import { readCidr } from '../domain/webhook/receiver-url.ts'
import { listOf, type Reader, wholeNumber } from './reader.ts'

const port = wholeNumber(1, 65_535)

export const cidr: Reader<string> = (text) => {
  const value = readCidr(text)
  return value === undefined ? { expected: 'a CIDR' } : { value }
}

/** A name or an address without a port. An IPv6 address may have the brackets that it has in URLs. */
export const host: Reader<string> = (text) =>
  isIPv6(text) || /^(\[[\da-f:.]+\]|[\w.-]+)$/i.test(text) ? { value: text } : { expected: 'a host' }

/** An origin as browsers write it. */
export const origin: Reader<string> = (text) => {
  if (text === '*') return { value: text }
  const known = URL.canParse(text) && /^https?:/i.test(text) ? new URL(text).origin : undefined
  return known !== undefined && text.replace(/\/$/, '').toLowerCase() === known
    ? { value: known }
    : { expected: 'an origin' }
}

/** Undefined: webhooks go out directly. */
export const proxyUrl: Reader<string | undefined> = (text) => {
  if (text === '') return { value: undefined }
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url?.protocol === 'http:' && url.pathname === '/' && url.search === '' && url.hash === ''
    ? { value: url.href }
    : { expected: 'the URL of a proxy, http://HOST:PORT' }
}

/** Undefined: any port. */
export const egressPorts: Reader<readonly number[] | undefined> = (text) =>
  text === '*' ? { value: undefined } : listOf(port, 'ports from 1 to 65535, separated by commas, or *')(text)
