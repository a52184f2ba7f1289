import type { Change } from '../../domain/change/change.ts'
import { diff, diffFromNothing } from '../../domain/change/diff.ts'
import { PortolanError } from '../../domain/errors.ts'
import { toRows } from '../../domain/history/rows.ts'
import type { StoredRevision } from '../../store/store.ts'
import type { Catalogues } from '../catalogues.ts'
import { loadDocument } from '../read/document.ts'
import { requireHead } from '../read/point.ts'

export interface RevisionWithChanges {
  readonly revision: StoredRevision
  readonly changes: readonly Change[]
}

/** @throws PortolanError `not_found` */
export async function revisionOf(
  catalogues: Pick<Catalogues, 'store' | 'heads'>,
  catalogue: string,
  number: number
): Promise<StoredRevision> {
  const { revision: head } = requireHead(catalogues, catalogue)
  const revision =
    number === head.number
      ? head
      : number < head.number
        ? await catalogues.store.revision(catalogue, number)
        : undefined
  if (!revision)
    throw new PortolanError('not_found', `${catalogue} has no revision ${number}: its newest is ${head.number}.`)
  return revision
}

/** A revision with its changes against its predecessor. Everything in a first revision is new. */
export async function revisionWithChanges(
  catalogues: Pick<Catalogues, 'store' | 'cache' | 'heads'>,
  catalogue: string,
  number: number
): Promise<RevisionWithChanges> {
  const revision = await revisionOf(catalogues, catalogue, number)
  const { store } = catalogues
  if (number === 1)
    return {
      revision,
      changes: diffFromNothing(toRows(await loadDocument(catalogues, revision)), revision.publishedAt)
    }
  const { before, after } = await store.rowsBetween(catalogue, number - 1, number)
  return { revision, changes: diff({ rows: before }, { rows: after }, revision.publishedAt).changes }
}
