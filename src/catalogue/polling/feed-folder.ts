import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Fault, faultText, PortolanError } from '../../domain/errors.ts'
import { type PolledFeed, parseFeedFile } from '../../domain/polling/polled-feed.ts'
import { compareText } from '../../domain/text.ts'

/** A feed with the text of its map, where it has one. */
export interface ConfiguredFeed extends PolledFeed {
  readonly mapText?: string
}

/**
 * Reads the feeds of a folder, one of each YAML file, by id.
 * @throws PortolanError `invalid_parameter` with every fault at its file, line and column
 */
export async function readFeedFolder(folder: string): Promise<readonly ConfiguredFeed[]> {
  const names = (await readdir(folder)).filter((name) => /\.ya?ml$/i.test(name)).sort(compareText)
  const faulty: string[] = []
  const feeds = new Map<string, ConfiguredFeed>()
  for (const name of names) {
    const file = join(folder, name)
    const refuse = (faults: readonly Fault[]) => void faulty.push(...faults.map((fault) => faultText(fault, file)))
    const read = parseFeedFile(await readFile(file))
    if ('faults' in read) refuse(read.faults)
    else if (feeds.has(read.feed.id))
      refuse([{ pointer: '/id', code: 'duplicate', detail: `another file has the feed ${read.feed.id}` }])
    else {
      const mapText = await mapOf(read.feed, file)
      if (mapText === null) refuse([{ pointer: '/map', code: 'missing', detail: `there is no file ${read.feed.map}` }])
      else feeds.set(read.feed.id, { ...read.feed, ...(mapText !== undefined && { mapText }) })
    }
  }
  if (faulty.length > 0)
    throw new PortolanError(
      'invalid_parameter',
      `The feeds in PORTOLAN_FEEDS have ${faulty.length === 1 ? 'a fault' : `${faulty.length} faults`}:\n${faulty.join('\n')}`
    )
  return [...feeds.values()].sort((a, b) => compareText(a.id, b.id))
}

/** Null: there is no such file. */
async function mapOf({ map }: PolledFeed, file: string): Promise<string | undefined | null> {
  if (map === undefined) return undefined
  return readFile(join(dirname(file), map), 'utf8').catch(() => null)
}
