import type { WrittenPackRequest } from '../../catalogue/change-pack/change-pack.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Backend, ExportQuestion } from '../backend/backend.ts'
import type { PullRequestText } from './forge.ts'
import { type PackJson, type PackStage, requestBody, requestTitle, stagesOf } from './pack-text.ts'
import type { WrittenFile } from './written-file.ts'

export interface ProposalQuestion {
  readonly catalogue: string
  /** The states between which the pack leads, the filters and the lead. */
  readonly query: WrittenPackRequest
  readonly files: readonly WrittenFile[]
  /** The last instant whose work is proposed; absent: all. */
  readonly until?: Instant
}

interface StagedFiles extends PackStage {
  readonly files: ReadonlyMap<string, Uint8Array>
}

/** The commits of a branch, and what its request says. */
export interface Proposal {
  readonly packId: string
  readonly stages: readonly StagedFiles[]
  readonly text: PullRequestText
}

/**
 * Everything that is proposed, asked for before anything is written: the export of each file at the instant of each stage, as the revision has
 * it to which the pack leads.
 */
export async function proposalOf(backend: Backend, question: ProposalQuestion): Promise<Proposal> {
  const { catalogue, query, until } = question
  // A store and a service answer in the shape of the contract.
  const pack = JSON.parse(await backend.changePack(catalogue, 'json', query)) as PackJson
  const stages: StagedFiles[] = []
  for (const stage of stagesOf(pack, until)) {
    const files = new Map<string, Uint8Array>()
    for (const file of question.files)
      files.set(file.path, await backend.export(catalogue, file.format, exportAt(pack, stage, question, file)))
    stages.push({ ...stage, files })
  }
  const markdown = await backend.changePack(catalogue, 'markdown', query)
  const told = await reports(backend, pack, stages.at(-1), question)
  return { packId: pack.id, stages, text: { title: requestTitle(pack), body: requestBody(markdown, told) } }
}

function exportAt(
  pack: PackJson,
  { instant }: PackStage,
  question: ProposalQuestion,
  { query }: WrittenFile
): ExportQuestion {
  const { from: _, to: __, at: ___, since: ____, ...filters } = question.query
  return { ...filters, ...query, asOf: { kind: 'number', number: pack.to.revision }, effectiveAt: instant }
}

/** What each file leaves out or widens after the last stage: nobody should have to find it out. */
async function reports(
  backend: Backend,
  pack: PackJson,
  last: PackStage | undefined,
  question: ProposalQuestion
): Promise<readonly string[]> {
  if (last === undefined) return []
  const lines: string[] = []
  for (const file of question.files) {
    const report = await backend.exportReport(question.catalogue, file.format, exportAt(pack, last, question, file))
    const counts = ['entries', 'omitted', 'widened'].flatMap((name) => {
      const count: unknown = Reflect.get(report, name)
      return typeof count === 'number' ? [`${name}=${count}`] : []
    })
    lines.push(`\`${file.path}\`: ${file.format}, ${counts.join(', ')}`)
  }
  return lines
}
