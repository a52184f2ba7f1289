import { revisionOf } from '../../catalogue/history/revisions.ts'
import {
  type Precondition,
  type Published,
  preconditionOfTags,
  publishDocument,
  restoreRevision
} from '../../catalogue/publishing/publish.ts'
import { requireHead } from '../../catalogue/read/point.ts'
import { PortolanError } from '../../domain/errors.ts'
import { type GuardRail, guardRails } from '../../domain/history/revision.ts'
import { requireCatalogue, requireScope } from '../../domain/key.ts'
import type { Manuscript } from '../../domain/publishing/draft.ts'
import { documentTag } from '../../domain/read/document-tag.ts'
import { readCatalogue } from '../reading/catalogue-read.ts'
import { connectionPage } from '../reading/connection.ts'
import { type Context, renewSnapshot } from '../reading/context.ts'
import type { PublishedNode } from '../reading/published-node.ts'
import { revisionNode } from '../reading/revision-node.ts'
import type { SomeResolvers } from '../resolvers.ts'
import type { PublishInput, RestoreInput } from '../schema-types.ts'

export const publishingFields = {
  Mutation: {
    publish: async (_, { input }, context) => {
      const request = publishRequest(context, input)
      const published = await publishDocument(context.catalogues, {
        ...request,
        manuscript: manuscriptOf(input),
        precondition: preconditionOf(input)
      })
      return publishedNode(context, published)
    },
    restore: async (_, { input }, context) => {
      const request = publishRequest(context, input)
      requireHead(context.catalogues, input.catalogue)
      await revisionOf(context.catalogues, input.catalogue, input.number)
      const published = await restoreRevision(context.catalogues, {
        ...request,
        number: input.number,
        precondition: preconditionOf(input)
      })
      return publishedNode(context, published)
    }
  },
  PublishPayload: {
    changes: ({ catalogueId, revision, allChanges }, paging) =>
      connectionPage({ name: `published\n${catalogueId}`, point: revision.number, instant: 0 }, allChanges, paging),
    catalogue: ({ catalogueId }, _, context) =>
      context.snapshot.catalogues.heads.get(catalogueId) &&
      readCatalogue(context, catalogueId, { asOf: { kind: 'newest' } })
  }
} satisfies SomeResolvers<'Mutation', 'publish' | 'restore'> & SomeResolvers<'PublishPayload', 'changes' | 'catalogue'>

/**
 * What `publish` and `restore` have in common.
 * @throws PortolanError `unauthorized`, `insufficient_scope`, `missing_parameter`, `invalid_parameter`
 */
function publishRequest(
  { key: presented }: Context,
  { catalogue, dryRun, override, reason }: PublishInput | RestoreInput
) {
  const key = requireScope(presented, 'catalogue:publish')
  requireCatalogue(key, catalogue)
  const overrides = (override ?? []).map(requireGuardRail)
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
    authorKey: key.id,
    isDryRun: dryRun ?? false
  }
}

/** @throws PortolanError `invalid_parameter` */
function requireGuardRail(name: string): GuardRail {
  const found = guardRails.find((rail) => rail === name)
  if (found) return found
  throw new PortolanError('invalid_parameter', `override must be of ${guardRails.join(', ')}, and ${name} is not.`)
}

/** A document that is text may be YAML, of which JSON is a part. */
function manuscriptOf({ catalogue: id, document }: PublishInput): Manuscript {
  if (typeof document === 'string') return { bytes: Buffer.from(document), notation: 'yaml', id }
  return { bytes: Buffer.from(JSON.stringify(document)), notation: 'json', id, isRewritten: true }
}

function preconditionOf({ ifMatch, create }: Pick<PublishInput, 'ifMatch' | 'create'>): Precondition {
  if (ifMatch && create)
    throw new PortolanError('invalid_parameter', 'ifMatch and create exclude each other: give one of them.')
  if (ifMatch) return preconditionOfTags([ifMatch])
  return { kind: create ? 'create' : 'absent' }
}

function publishedNode(context: Context, published: Published): PublishedNode {
  const { kind, revision } = published
  renewSnapshot(context)
  return {
    outcome: kind,
    catalogueId: revision.catalogue,
    revision: revisionNode(revision),
    allChanges: kind === 'unchanged' ? [] : published.changes,
    etag: kind === 'would_publish' ? undefined : documentTag(revision),
    seq: kind === 'published' ? published.seq : context.snapshot.catalogues.heads.get(revision.catalogue)?.seq
  }
}
