import type { Static, TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { PortolanError } from '../../domain/errors.ts'
import { isLoopback } from '../../domain/network/loopback.ts'
import { packageVersion } from '../../package-version.ts'

const patienceMs = 60_000

/** Asks the REST API of a forge. The token is in no message. */
export class ForgeClient {
  private readonly base: string
  private readonly headers: Readonly<Record<string, string>>

  /** @throws PortolanError `invalid_parameter` where others could read the token on its way */
  constructor(base: string, headers: Readonly<Record<string, string>>, isInsecure: boolean) {
    const { protocol, host } = new URL(base)
    if (protocol !== 'https:' && !isInsecure && !isLoopback(host))
      throw new PortolanError(
        'invalid_parameter',
        `${base} has no TLS, so others would read the token: give an https URL, or --insecure if you trust the network.`
      )
    this.base = base
    this.headers = headers
  }

  get<T extends TSchema>(answer: T, path: string, query: Readonly<Record<string, string>>): Promise<Static<T>> {
    return this.ask(answer, 'GET', `${path}?${new URLSearchParams(query)}`)
  }

  send<T extends TSchema>(answer: T, method: 'POST' | 'PATCH' | 'PUT', path: string, body: object): Promise<Static<T>> {
    return this.ask(answer, method, path, JSON.stringify(body))
  }

  private async ask<T extends TSchema>(schema: T, method: string, path: string, body?: string): Promise<Static<T>> {
    const { status, text } = await this.answer(method, path, body)
    const asked = `${method} ${this.base}${path}`
    if (status < 200 || status >= 300)
      throw new PortolanError(status >= 500 ? 'not_ready' : 'conflict', `${asked} answers ${status}${reasonOf(text)}.`)
    const said = jsonOf(text)
    if (Value.Check(schema, said)) return said
    throw new PortolanError(
      'not_ready',
      `${asked} answers what the documented API does not: is it the base of that API?`
    )
  }

  private async answer(method: string, path: string, body?: string) {
    try {
      const response = await fetch(`${this.base}${path}`, {
        method,
        headers: {
          'user-agent': `portolan/${packageVersion()}`,
          ...this.headers,
          ...(body !== undefined && { 'content-type': 'application/json' })
        },
        // A redirect would lead the token to another place than the one that was named.
        redirect: 'manual',
        signal: AbortSignal.timeout(patienceMs),
        ...(body !== undefined && { body })
      })
      return { status: response.status, text: await response.text() }
    } catch (error) {
      const { cause = error } = error instanceof Error ? error : {}
      const reason = cause instanceof Error ? cause.message || cause.name : String(cause)
      throw new PortolanError('not_ready', `${this.base} cannot be reached: ${reason}.`)
    }
  }
}

/** What forges say is wrong: `message`, with details in `errors` where they have any. */
function reasonOf(text: string): string {
  const [, message] = /"(?:message|error)"\s*:\s*("(?:[^"\\]|\\.)*"|\[[^\]]*\])/.exec(text.slice(0, 10_000)) ?? []
  return message === undefined ? '' : `: ${message.replace(/^"|"$/g, '').slice(0, 300)}`
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
