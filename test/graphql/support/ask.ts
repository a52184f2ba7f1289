import type { TestApp } from '../../support/app.ts'

/** An error as it is told. */
interface ToldError {
  readonly message: string
  readonly path?: readonly (string | number)[]
  readonly extensions: { readonly code: string; readonly problem: Readonly<Record<string, unknown>> }
}

/** Sends operations to the service. */
export function asking(app: TestApp, headers: Readonly<Record<string, string>> = {}) {
  return async (query: string, variables: object = {}, operationName?: string) => {
    const answer = await app.request({
      method: 'POST',
      url: '/graphql',
      headers,
      payload: { query, variables, ...(operationName !== undefined && { operationName }) }
    })
    const { data, errors = [], extensions } = answer.json()
    const told: readonly ToldError[] = errors
    return { status: answer.statusCode, data, errors: told, portolan: extensions?.portolan ?? {} }
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
