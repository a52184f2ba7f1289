import type { Change } from '../../domain/change/change.ts'
import { type Fault, PortolanError } from '../../domain/errors.ts'
import { guardRails, type Revision } from '../../domain/history/revision.ts'
import { type Manuscript, readDraft } from '../../domain/publishing/draft.ts'
import type { GuardRailFinding } from '../../domain/publishing/guard-rail-finding.ts'
import { type CatalogueView, viewAt } from '../../domain/view/view.ts'
import type { Catalogues } from '../catalogues.ts'
import { publishDocument } from './publish.ts'

/** What publishing a draft would do: nothing, where it has faults. */
export type Preview =
  | { readonly kind: 'faulty'; readonly faults: readonly Fault[] }
  | {
      readonly kind: 'readable'
      /** The revision that it would be, or the head where the draft is equal to it. */
      readonly revision: Revision
      readonly isUnchanged: boolean
      readonly findings: readonly GuardRailFinding[]
      readonly changes: readonly Change[]
      /** The view of the draft now. */
      readonly view: CatalogueView
    }

/** Says what publishing a draft would do, and writes nothing. */
export async function previewDraft(catalogues: Catalogues, manuscript: Manuscript): Promise<Preview> {
  try {
    const draft = readDraft(manuscript)
    if ('faults' in draft) return { kind: 'faulty', faults: draft.faults }
    const { document } = draft
    const request = {
      catalogue: document.id,
      manuscript,
      precondition: { kind: 'any' },
      isDryRun: true
    } as const
    const findings = await findingsOf(publishDocument(catalogues, { ...request, overrides: [] }))
    const published = await publishDocument(catalogues, { ...request, overrides: guardRails })
    const { revision } = published
    return {
      kind: 'readable',
      revision,
      isUnchanged: published.kind === 'unchanged',
      findings,
      changes: published.kind === 'unchanged' ? [] : published.changes,
      view: viewAt(document, revision, catalogues.now())
    }
  } catch (error) {
    if (!(error instanceof PortolanError) || !['malformed_body', 'invalid_document'].includes(error.code)) throw error
    const unreadable = { pointer: '', code: 'unreadable', detail: error.message }
    return { kind: 'faulty', faults: error.faults.length > 0 ? error.faults : [unreadable] }
  }
}

/** What guard rails find in a publish. */
async function findingsOf(dryRun: Promise<unknown>): Promise<readonly GuardRailFinding[]> {
  try {
    await dryRun
    return []
  } catch (error) {
    if (!(error instanceof PortolanError) || error.code !== 'guard_rail') throw error
    // What a refusal by guard rails carries beside its text.
    return error.extra.findings as readonly GuardRailFinding[]
  }
}
