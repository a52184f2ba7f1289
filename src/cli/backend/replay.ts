import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Document } from '../../domain/document/document.ts'
import { PortolanError } from '../../domain/errors.ts'
import type { AdapterOptions, FeedSource, Imported, ReadFeed } from '../../domain/feed/adapter.ts'
import { ReadRequirements } from '../../domain/feed/history/read-requirements.ts'
import { sharedReading } from '../../domain/feed/history/shared-reading.ts'
import { observe, type SeenSource, type Sighting, seenSource } from '../../domain/feed/observe.ts'
import { writtenDraft } from '../../domain/publishing/draft.ts'
import { type Instant, parseInstant, readInstant } from '../../domain/time/instant.ts'
import type { Backend, PublishOptions } from './backend.ts'

/** A state of a list, as a file of a folder. */
interface State {
  readonly file: string
  readonly time: Instant
  readonly source: SeenSource
  readonly imported: Imported
}

interface Unreadable {
  readonly file: string
  readonly reason: string
}

export interface HistoryReplay extends Pick<Sighting, 'adapter' | 'id' | 'lingerMs' | 'url' | 'said'> {
  readonly folder: string
  readonly read: ReadFeed
  readonly options: AdapterOptions
  /** The document of the catalogue as it is. */
  readonly head?: Document
  readonly publishing: PublishOptions
  readonly progress: (part: string, done?: number, total?: number) => void
}

export interface ReplayedHistory {
  readonly published: number
  /** States that say what the one before says. */
  readonly unchanged: number
  /** States that the catalogue has already: they are not newer than its head. */
  readonly skipped: number
  /** Files that are no such list. They are left out. */
  readonly refused: readonly Unreadable[]
  readonly head?: Document
}

/**
 * Publishes the states of a list that a folder has, one revision each, dated by their source and in the order of its time. What is not newer
 * than the head is skipped, so that a replay which was stopped goes on where it was.
 * @throws PortolanError `guard_rail` at the first state that a rail refuses; those before it are published
 */
export async function replayHistory(backend: Backend, replay: HistoryReplay): Promise<ReplayedHistory> {
  const { states, refused } = await statesOf(replay)
  let { head } = replay
  let [published, unchanged] = [0, 0]
  const since = head && (await timeOf(backend, head))
  const newer = states.filter(({ time }) => since === undefined || time > since.time)
  const known = new ReadRequirements()
  for (const [index, state] of newer.entries()) {
    const { file, time } = state
    replay.progress('replaying', index, newer.length)
    const next = observeState(replay, state, head, known)
    if (next === undefined) unchanged += 1
    else {
      try {
        await publishState(backend, replay, next, Math.max(time, since?.publishedAt ?? time))
      } catch (error) {
        throw error instanceof PortolanError && error.code === 'guard_rail'
          ? refusedState(error, file, published)
          : error
      }
      head = next
      published += 1
    }
  }
  return { published, unchanged, skipped: states.length - newer.length, refused, ...(head && { head }) }
}

/** The states of a folder in the order of their time, and the files that are no such list. */
async function statesOf(replay: HistoryReplay) {
  const { folder, progress } = replay
  const files = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
  const states: State[] = []
  const refused: Unreadable[] = []
  let last: Imported | undefined
  for (const [index, file] of files
    .filter((name) => !name.startsWith('.'))
    .sort()
    .entries()) {
    progress('reading', index, files.length)
    try {
      const source = await sourceOf(folder, file)
      const imported = sharedReading(last, await replay.read(source, replay.options))
      last = imported
      const { time = timeInName(file), refused: values } = imported
      if (values[0]) refused.push({ file, reason: values[0].detail })
      else if (time === undefined)
        refused.push({ file, reason: 'neither the list nor the name of the file has a date' })
      else states.push({ file, time, source: seenSource(source), imported })
    } catch (error) {
      if (!(error instanceof PortolanError)) throw error
      refused.push({ file, reason: error.message })
    }
  }
  states.sort((a, b) => a.time - b.time || (a.file < b.file ? -1 : 1))
  return { states, refused }
}

async function sourceOf(folder: string, file: string): Promise<FeedSource> {
  return { bytes: await readFile(join(folder, file)), name: file }
}

/** The first instant of a day that stands in the name of a file, as `20251028` or `2025-10-28`, in UTC. */
function timeInName(file: string): Instant | undefined {
  const [, year, month, day] = /(?<!\d)(20\d\d)-?([01]\d)-?([0-3]\d)(?!\d)/.exec(file) ?? []
  const parsed = parseInstant(`${year}-${month}-${day}T00:00:00Z`)
  return 'fault' in parsed ? undefined : parsed.instant
}

/** The source's time of the head, and when it was published, where another import published it later. */
async function timeOf(backend: Backend, { id, edition }: Document) {
  const [newest] = await backend.revisions(id)
  const publishedAt = readInstant(newest?.publishedAt ?? '')
  return { time: edition.source?.time === undefined ? publishedAt : readInstant(edition.source.time), publishedAt }
}

function observeState(
  { adapter, ...replay }: HistoryReplay,
  { time: at, source, imported }: State,
  head: Document | undefined,
  known: ReadRequirements
): Document | undefined {
  // The states are in the order of their time, whatever their tokens say.
  const { tokens: _, ...unordered } = adapter
  const seen = observe({ ...replay, adapter: unordered, source, imported, at, known, ...(head && { head }) })
  return seen.kind === 'changed' ? seen.document : undefined
}

/** Rails are overridden only where they speak, so that a revision tells what was overridden for it. */
async function publishState(
  backend: Backend,
  { id, publishing, lingerMs }: HistoryReplay,
  document: Document,
  publishedAt: Instant
): Promise<void> {
  if (publishing.isDryRun) return
  const { overrides, ...options } = publishing
  const draft = { document, publishedAt }
  // What a list says was parsed with it. What lingers beside it is parsed together with it.
  const manuscript = lingerMs > 0 ? writtenDraft(draft) : draft
  const publish = (rules: PublishOptions['overrides']) =>
    backend.publish(id, manuscript, { ...options, overrides: rules })
  try {
    await publish([])
  } catch (error) {
    if (!(error instanceof PortolanError) || error.code !== 'guard_rail') throw error
    await publish(overrides)
  }
}

/** The refusal by a rail, with the file that is refused. */
function refusedState({ code, message, faults, extra }: PortolanError, file: string, published: number) {
  return new PortolanError(code, message, { faults, extra: { ...extra, file, published } })
}
