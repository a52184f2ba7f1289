import type { Document, Profile, RequirementFields } from '../document/document.ts'
import type { Endpoint, Status } from '../document/endpoint.ts'
import type { Revision } from '../history/revision.ts'
import { formatInstant, type Instant } from '../time/instant.ts'
import { intervalAt, statusAt, type WrittenInterval, writtenInterval } from './lifetime.ts'

type WithStatus<T> = T extends unknown ? T & { readonly status: Status } : never
export type ViewEndpoint = WithStatus<Endpoint>

export interface ViewRequirement extends RequirementFields {
  readonly endpoints: readonly ViewEndpoint[]
}

export interface RevisionRef {
  readonly number: number
  readonly label: string
  /** RFC 3339 */
  readonly publishedAt: string
  readonly digest: string
}

/** A document read at an instant. Nothing in it changes while the clock is in `[validFrom, validUntil)`. */
export interface View extends Profile, WrittenInterval {
  readonly revision: RevisionRef
  readonly requirements: readonly ViewRequirement[]
}

export function revisionRef({ number, label, publishedAt, digest }: Revision): RevisionRef {
  return { number, label, publishedAt: formatInstant(publishedAt), digest }
}

/** The endpoint with its status. The status comes after the fields that identify the endpoint. */
export function withStatus(endpoint: Endpoint, instant: Instant): ViewEndpoint {
  const status = statusAt(endpoint, instant)
  if (endpoint.kind === 'any') {
    const { kind, ...rest } = endpoint
    return { kind, status, ...rest }
  }
  const { kind, value, ...rest } = endpoint
  // Taking the union apart loses which fields go with which kind. No field was added or dropped.
  return { kind, value, status, ...rest } as ViewEndpoint
}

/** A document, whole or in part. The edition is not needed, since a view does not have it. */
export type Viewable = Omit<Document, 'edition'> & { readonly edition?: Document['edition'] }

export function viewAt(document: Viewable, revision: Revision, instant: Instant): View {
  const { edition: _, guidance, requirements, ...profile } = document
  return {
    ...profile,
    revision: revisionRef(revision),
    ...writtenInterval(intervalAt(revision.transitions, instant)),
    ...(guidance && { guidance }),
    requirements: requirements.map(({ endpoints, ...fields }) => ({
      ...fields,
      endpoints: endpoints.map((endpoint) => withStatus(endpoint, instant))
    }))
  }
}
