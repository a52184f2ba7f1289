import type { FastifyRequest } from 'fastify'
import type Type from 'typebox'
import { queryOf } from '../answer/send-point.ts'

/**
 * A hook that reads the parameters of a schema in any case, and ignores all others: scripts that were written for another service add their
 * own. The schema then judges what is left.
 */
export function looseQuery(schema: Type.TObject): (request: FastifyRequest) => Promise<void> {
  const names = new Map(Object.keys(schema.properties).map((name) => [name.toLowerCase(), name]))
  return async (request) => {
    const known: Record<string, unknown> = {}
    for (const [written, value] of Object.entries(queryOf(request))) {
      const name = names.get(written.toLowerCase())
      if (name === undefined) continue
      known[name] = name in known ? [known[name], value].flat() : value
    }
    request.query = known
  }
}
