import type { Command } from 'commander'
import { PortolanError } from '../../domain/errors.ts'
import type { Adapter } from '../../domain/feed/adapter.ts'
import { withoutUndefined } from '../../domain/json/without-undefined.ts'
import { headDocument } from '../backend/head-document.ts'
import { withBackend } from '../backend/open-backend.ts'
import { type HistoryReplay, type ReplayedHistory, replayHistory } from '../backend/replay.ts'
import type { overridesOf } from '../shell/override-options.ts'
import { withProgress } from '../shell/progress.ts'
import type { Shell } from '../shell/shell.ts'

interface History extends Pick<HistoryReplay, 'options' | 'said'> {
  readonly adapter: Adapter
  readonly overrides: ReturnType<typeof overridesOf>
}

interface HistoryOptions {
  readonly catalogue: string
  readonly history: string
  readonly linger?: number
  readonly feedUrl?: string
  readonly dryRun?: boolean
  readonly json?: boolean
}

/**
 * Publishes the states of a list that a folder has.
 * @throws PortolanError `guard_rail` at the first state that a rail refuses, `invalid_source` at the end where files are no such list
 */
export async function importHistory(
  shell: Shell,
  command: Command,
  { adapter, overrides, ...history }: History,
  { catalogue: id, history: folder, linger: lingerMs = 0, feedUrl: url, dryRun: isDryRun = false, json }: HistoryOptions
): Promise<void> {
  if (adapter.kind === 'table')
    command.error(`error: ${adapter.name} is a table that somebody writes: only lists of providers have a history`)
  const read = await adapter.load()
  await withBackend(shell, command, isDryRun ? 'rehearse' : 'create', async (backend) => {
    const head = await headDocument(backend, id)
    const publishing = { isDryRun, ...overrides }
    const replayed = await withProgress(shell, (progress) =>
      replayHistory(
        backend,
        withoutUndefined({ ...history, adapter, read, id, folder, lingerMs, url, head, publishing, progress })
      )
    ).catch((error) => {
      if (error instanceof PortolanError && error.code === 'guard_rail')
        shell.io.error(`${error.extra.file}: refused after ${error.extra.published} revisions, which are published.\n`)
      throw error
    })
    if (json) shell.printJson(replayedJson(replayed))
    else shell.print(replayedText(id, isDryRun, replayed))
    requireAll(folder, replayed)
  })
}

function replayedText(id: string, isDryRun: boolean, { published, unchanged, skipped, head }: ReplayedHistory): string {
  const revisions = `${published} ${published === 1 ? 'revision' : 'revisions'} of ${id}`
  return [
    `${isDryRun ? 'Would publish' : 'Published'} ${revisions}: ${unchanged} states say what the one before says, ${skipped} are not newer than the head.`,
    ...(head ? [`The head is ${head.edition.label}.`] : []),
    ...(isDryRun ? ['Nothing was written.'] : [])
  ].join(' ')
}

function replayedJson({ published, unchanged, skipped, refused, head }: ReplayedHistory) {
  return withoutUndefined({ published, unchanged, skipped, refused, head: head?.edition.label })
}

/** @throws PortolanError `invalid_source` with the files that were left out */
function requireAll(folder: string, { refused }: ReplayedHistory): void {
  if (refused.length === 0) return
  const count = refused.length === 1 ? 'one file that was' : `${refused.length} files that were`
  throw new PortolanError('invalid_source', `${folder} has ${count} left out.`, {
    faults: refused.map(({ file, reason }) => ({ pointer: '', code: 'unreadable', detail: `${file}: ${reason}` }))
  })
}
