/** Keeps the list of a catalogue in a file for a firewall. A new list replaces the last good one only after it was checked. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface ListSettings {
  /** The URL of Portolan, without a slash at the end. */
  readonly service: string
  /** The folder of the lists. */
  readonly folder: string
  /** The format that the firewall reads, by its name in `GET /v1/formats`. */
  readonly format: string
  /** Parameters of the export, such as `slice=out-tcp-443&lead=P1D`. */
  readonly query: string
  /** The command that loads a list: it gets the path as its last argument and ends with 0 once the list is in force. Absent: none. */
  readonly load?: readonly string[]
  /** Whether a list without entries is accepted. */
  readonly mayBeEmpty?: boolean
}

/** Updates the list of a catalogue to what holds now, or throws and changes nothing. `seq`: an event that the list must contain. */
export async function refreshList(settings: ListSettings, catalogue: string, seq: number): Promise<void> {
  const { service, folder, format, query, load, mayBeEmpty = false } = settings
  const base = `${service}/v1/catalogues/${catalogue}/exports/${format}`
  const answer = await get(`${base}?${query}`)
  const list = Buffer.from(await answer.arrayBuffer())
  const said = (name: string) => answer.headers.get(name) ?? ''
  if (Number(said('portolan-seq')) < seq) throw new Error(`the list of ${catalogue} is older than event ${seq}`)
  const [, entries = '0'] = /entries=(\d+)/.exec(said('portolan-export-report')) ?? []
  if (entries === '0' && !mayBeEmpty) throw new Error(`the list of ${catalogue} is empty: the last good one stays`)
  const sum = (await (await get(`${base}.md5?${query}`)).text()).trim()
  if (createHash('md5').update(list).digest('hex') !== sum) throw new Error(`the list of ${catalogue} came otherwise`)

  const path = join(folder, `${catalogue}.${format}`)
  writeFileSync(`${path}.new`, list)
  const [command, ...words] = load ?? []
  if (command !== undefined) execFileSync(command, [...words, `${path}.new`])
  renameSync(`${path}.new`, path)
}

/** @throws if the answer is not 200: a service that is not ready must not empty a firewall */
export async function get(url: string): Promise<Response> {
  const answer = await fetch(url, { headers: { 'cache-control': 'no-cache' } })
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}`)
  return answer
}
