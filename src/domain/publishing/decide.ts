import type { Document } from '../document/document.ts'
import { PortolanError } from '../errors.ts'
import { type Draft, invalidDocument, type Manuscript, readDraft } from './draft.ts'
import { type Decision, type HeadState, type PublishContext, publish } from './publish.ts'

export interface Decided {
  readonly decision: Decision
  /** Absent where the decision does not depend on the content of the document. */
  readonly document?: Document
}

/**
 * Reads a manuscript, where it is not read already, and decides what publishing it on top of the head does. The order of refusals is part of the contract: unreadable, no
 * precondition, (then a document equal to the head passes), stale, faulty, guard rail.
 * @throws PortolanError `malformed_body`, `precondition_required`, `invalid_document`, `guard_rail`
 */
export function decide(head: HeadState | undefined, manuscript: Manuscript | Draft, context: PublishContext): Decided {
  const draft = 'document' in manuscript ? manuscript : readDraft(manuscript, head?.document)
  if (context.precondition === 'absent') {
    throw new PortolanError(
      'precondition_required',
      'Say what you know of the catalogue: If-Match with the ETag of its document, or If-None-Match: * for a new one.'
    )
  }
  if (!('faults' in draft)) return { decision: publish(head, draft, context), document: draft.document }
  if (context.precondition === 'stale') return { decision: { kind: 'stale' } }
  throw invalidDocument(draft)
}
