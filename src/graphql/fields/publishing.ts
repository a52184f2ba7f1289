import { revisionOf } from '../../catalogue/history/revisions.ts'
import {
  type Precondition,
  type Published,
  preconditionOfTags,
  publishDocument,
  restoreRevision
} from '../../catalogue/publishing/publish.ts'
import { requireHead } from '../../catalogue/read/point.ts'
import type { Change } from '../../domain/change/change.ts'
import { PortolanError } from '../../domain/errors.ts'
import { type GuardRail, guardRails } from '../../domain/history/revision.ts'
import { requireScope } from '../../domain/key.ts'
import type { Manuscript } from '../../domain/publishing/draft.ts'
import { documentTag } from '../../domain/read/document-tag.ts'
import { readCatalogue } from '../reading/catalogue-read.ts'
import { connectionPage, type Paging } from '../reading/connection.ts'
import { type Context, renewSnapshot } from '../reading/context.ts'
import type { Resolvers } from '../reading/resolver.ts'
import { revisionNode } from './revisions.ts'

interface PublishingInput {
  readonly catalogue: string
  readonly ifMatch?: string | null
  readonly dryRun?: boolean | null
  readonly override?: readonly string[] | null
  readonly reason?: string | null
}
interface PublishInput extends PublishingInput {
  readonly document: unknown
  readonly create?: boolean | null
}
interface RestoreInput extends PublishingInput {
  readonly number: number
}
interface Input<T> {
  readonly input: T
}

export const publishingFields: Resolvers = {
  Mutation: {
    publish: async (_, { input }: Input<PublishInput>, context) => {
      const asked = askedOf(context, input)
      const manuscript = manuscriptOf(input)
      const published = await publishDocument(context.catalogues, {
        ...asked,
        manuscript,
        precondition: preconditionOf(input)
      })
      return payloadOf(context, published)
    },
    restore: async (_, { input }: Input<RestoreInput>, context) => {
      const asked = askedOf(context, input)
      requireHead(context.catalogues, input.catalogue)
      await revisionOf(context.catalogues, input.catalogue, input.number)
      const published = await restoreRevision(context.catalogues, {
        ...asked,
        number: input.number,
        precondition: preconditionOf(input)
      })
      return payloadOf(context, published)
    }
  },
  PublishPayload: {
    changes: ({ catalogueId, revision, list }: Payload, paging: Paging) =>
      connectionPage({ run: `published\n${catalogueId}`, point: revision.number, instant: 0 }, list, paging),
    catalogue: ({ catalogueId }: Payload, _: unknown, context) =>
      context.snapshot.catalogues.heads.get(catalogueId) &&
      readCatalogue(context, catalogueId, { asOf: { kind: 'newest' } })
  }
}

/** Who may, and what is asked for beside the document. */
function askedOf({ key: presented }: Context, { catalogue, dryRun, override, reason }: PublishingInput) {
  const key = requireScope(presented, 'catalogue:publish')
  const overrides = (override ?? []).map(requireRail)
  if (overrides.length > 0) requireScope(key, 'catalogue:override')
  if (overrides.length > 0 && !reason)
    throw new PortolanError('missing_parameter', 'An override needs a reason, which is kept with the revision.')
  if (reason && reason.length > 1000)
    throw new PortolanError('invalid_parameter', 'reason must not be longer than 1000 characters.')
  return {
    catalogue,
    overrides,
    ...(reason && { reason }),
    author: key.name ?? key.id,
    isDryRun: dryRun ?? false
  }
}

function requireRail(name: string): GuardRail {
  const found = guardRails.find((rail) => rail === name)
  if (found) return found
  throw new PortolanError('invalid_parameter', `override: ${name} is not one of ${guardRails.join(', ')}.`)
}

/** Text may be YAML, which JSON is a part of. */
function manuscriptOf({ catalogue: id, document }: PublishInput): Manuscript {
  if (typeof document === 'string') return { bytes: Buffer.from(document), notation: 'yaml', id }
  return { bytes: Buffer.from(JSON.stringify(document)), notation: 'json', id }
}

function preconditionOf({ ifMatch, create }: PublishingInput & { readonly create?: boolean | null }): Precondition {
  if (ifMatch && create)
    throw new PortolanError('invalid_parameter', 'ifMatch and create exclude each other: give one of them.')
  if (ifMatch) return preconditionOfTags([ifMatch])
  return { kind: create ? 'create' : 'absent' }
}

type Payload = ReturnType<typeof payloadOf>

function payloadOf(context: Context, published: Published) {
  const { kind, revision } = published
  const list: readonly Change[] = published.kind === 'unchanged' ? [] : published.changes
  renewSnapshot(context)
  return {
    outcome: kind,
    catalogueId: revision.catalogue,
    revision: revisionNode(revision),
    list,
    etag: kind === 'would_publish' ? undefined : documentTag(revision),
    seq: published.kind === 'published' ? published.seq : context.snapshot.catalogues.heads.get(revision.catalogue)?.seq
  }
}
