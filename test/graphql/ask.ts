import type { LightMyRequestResponse } from 'fastify'
import type { TestApp } from '../app.ts'

/** What an operation came to. */
export interface Told {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: of the shape that the operation asks for
  readonly data: any
  readonly errors: readonly {
    readonly message: string
    readonly path?: readonly (string | number)[]
    readonly extensions: { readonly code: string; readonly problem: Readonly<Record<string, unknown>> }
  }[]
  readonly portolan: Readonly<Record<string, unknown>>
  readonly headers: LightMyRequestResponse['headers']
}

/** Sends operations to the service. */
export function asking(app: TestApp, headers: Readonly<Record<string, string>> = {}) {
  return async (query: string, variables: object = {}, operationName?: string): Promise<Told> => {
    const answer = await app.request({
      method: 'POST',
      url: '/graphql',
      headers,
      payload: { query, variables, ...(operationName !== undefined && { operationName }) }
    })
    const { data, errors = [], extensions } = answer.json()
    return { status: answer.statusCode, data, errors, portolan: extensions?.portolan ?? {}, headers: answer.headers }
  }
}

/** Without what is null: what GraphQL answers where REST has nothing. */
export function dense(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(dense)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => (member === null ? [] : [[name, dense(member)]]))
  )
}
