import { existsSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { type ConfiguredFeed, readFeedFolder } from '../../catalogue/polling/feed-folder.ts'
import { readConfig } from '../../config/config.ts'
import { PortolanError } from '../../domain/errors.ts'
import { suggestion } from '../../domain/nearest-name.ts'
import { adapterOf } from '../../domain/polling/polled-feed.ts'
import { formatInstant } from '../../domain/time/instant.ts'
import { readListSource } from '../shell/list-source.ts'
import type { Shell } from '../shell/shell.ts'

/**
 * Writes what the URL of a feed gives now to a file of a folder, unchanged, for a service without a network whose feed has that folder as its
 * `mirror`. The name of the file has the instant, and it gets that name when it is whole. @returns the path of the file
 * @throws PortolanError `not_found` where no such feed is configured, `wrong_state` where it has no URL; `invalid_source`
 */
export async function fetchToFolder(shell: Shell, command: Command, id: string, folder: string): Promise<string> {
  const { adapter, url } = await configuredFeed(shell, id)
  if (url === undefined)
    throw new PortolanError('wrong_state', `The feed ${id} has no url that it could be fetched from.`)
  const { bytes } = await readListSource(shell, command, { adapter: adapterOf(adapter), source: url })
  const [extension = ''] = /\.(?:csv|json|txt)$/i.exec(new URL(url).pathname) ?? []
  const instant = formatInstant(shell.io.now()).replace(/[-:]/g, '')
  const file = join(folder, `${id}.${instant}${extension}`)
  await mkdir(folder, { recursive: true })
  await writeFile(`${file}.part`, bytes)
  await rename(`${file}.part`, file)
  return file
}

async function configuredFeed(shell: Shell, id: string): Promise<ConfiguredFeed> {
  const { feeds: folder } = readConfig(shell.io.environment)
  const feeds = folder !== undefined && existsSync(folder) ? await readFeedFolder(folder) : []
  const found = feeds.find((feed) => feed.id === id)
  if (found) return found
  const ids = feeds.map((feed) => feed.id)
  throw new PortolanError('not_found', `There is no feed ${id} in PORTOLAN_FEEDS${suggestion(id, ids)}`)
}
