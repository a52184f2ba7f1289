import type { Document } from '../src/domain/document/document.ts'
import { SyntheticCatalogue } from './synthetic-catalogue.ts'

export const nestedId = 'nested'
const [requirements, endpoints] = [25, 2]

/** A catalogue of 25 requirements with two endpoints each. */
export function nestedDocument(): Document {
  const source = new SyntheticCatalogue({ id: nestedId, endpoints: requirements * endpoints, changed: 0 }).next()
  const [first] = source.requirements
  if (!first) throw new Error('the made-up catalogue is empty')
  return {
    ...source,
    requirements: Array.from({ length: requirements }, (_, index) => ({
      ...first,
      key: `requirement-${index}`,
      title: `Requirement ${index}`,
      endpoints: first.endpoints.slice(index * endpoints, (index + 1) * endpoints)
    }))
  }
}

export const nestedQuery = `query Nested($at: DateTime) {
  catalogue(id: "${nestedId}", effectiveAt: $at) {
    id title vendor product version revision { number label publishedAt digest }
    requirements(first: 25) {
      nodes {
        key title scope direction necessity services { transport ports { from to } application } tags remarks
        endpoints { kind value status from until remarks }
      }
    }
  }
}`

/** The same operation with an instant that no other request of the run has, so no kept answer serves it. */
export function freshBody(): string {
  return JSON.stringify({ query: nestedQuery, variables: { at: freshInstant() } })
}

/** An instant, RFC 3339: a different one each time, all in one interval. */
export function freshInstant(): string {
  instant += 1
  return new Date(instant).toISOString()
}
let instant = Date.parse('2026-01-01T00:00:00.000Z')

/** An operation that is the same each time. */
export const sameBody = JSON.stringify({ query: nestedQuery, variables: {} })
