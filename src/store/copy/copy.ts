import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import { PortolanError } from '../../domain/errors.ts'
import type { SealingKey } from '../../domain/sealing.ts'
import { insertAll } from '../engine/bulk.ts'
import type { Engine, Reads } from '../engine/engine.ts'
import { type SecretBox, secretBox } from '../engine/secret-box.ts'
import type { Tables } from '../engine/tables.ts'
import { type Verified, verify } from '../integrity/verify.ts'
import { makeKeyFile } from '../key-file.ts'
import { unfinished, unfinishedEpoch } from '../log/epoch.ts'
import { keyFileOf, keysOf, withEngineOf } from '../open-engine.ts'
import { untold, type WorkProgress } from '../progress.ts'
import { sealingKeyId } from '../sealing.ts'
import { copiedSigningKey, copiedSubscription } from './resealed.ts'
import { type CopiedTable, tableKeys } from './table-keys.ts'
import { type AnyRow, tablePages } from './table-pages.ts'

/** How many rows of each table were copied, and what was verified of the copy. */
export interface Copied {
  readonly rows: Readonly<Record<CopiedTable, number>>
  readonly verified: Verified
}

/** `keys`: those given for the secrets of both stores. Where none are given, each file of SQLite has its own beside it. */
export interface CopyRequest {
  readonly from: string
  readonly to: string
  readonly keys: readonly SealingKey[]
}

/**
 * Copies a store as it is at one moment, page by page: same epoch, same seqs. What is sealed is sealed anew, with the key of the target;
 * leases are given back. Until the last page is written no service opens the target. The copy is verified at the end.
 * @throws PortolanError `wrong_state` where the target is not empty, or would keep in clear what is sealed in the source;
 * `wrong_secret_key`, `wrong_schema`, `store_damaged`
 */
export function copyStore({ from, to, keys }: CopyRequest, progress: WorkProgress = untold): Promise<Copied> {
  return withEngineOf({ url: from, keys }, (source) =>
    withEngineOf({ url: to, keys, migration: 'run' }, async (target) => {
      await refuseFull(target)
      const rows = await source.atOneMoment(async (reads) => {
        const own = await keysOfTarget(reads, to, keys)
        const secrets = secretBox([...own, ...keysOf(from, keys)])
        return copyTables(reads, { ...target, secrets }, own[0]?.id ?? null, progress)
      })
      const secrets = secretBox(keysOf(to, keys))
      return { rows, verified: await verify({ ...target, secrets }, progress) }
    })
  )
}

async function refuseFull({ query, read, tables }: Engine): Promise<void> {
  for (const table of Object.values(tables) as readonly SQLiteTable[])
    if ((await read(query.select().from(table).limit(1))).length > 0)
      throw new PortolanError(
        'wrong_state',
        'The target is not empty: give a database in which no service was started and into which nothing was copied.'
      )
}

/** The keys of the target, the one that seals first. The file beside a database of SQLite is made where nobody gives a key. */
async function keysOfTarget(reads: Reads, to: string, given: readonly SealingKey[]): Promise<readonly SealingKey[]> {
  const file = keyFileOf(to)
  if (given.length === 0 && file !== undefined) makeKeyFile(file)
  const own = given.length > 0 ? given : keysOf(to, [])
  if (own.length === 0 && (await sealingKeyId(reads)) !== undefined)
    throw new PortolanError(
      'wrong_state',
      'The secrets in the source are sealed, and the target would keep them in clear: give PORTOLAN_SECRET_KEY the key that is to seal them there, such as that in the key file of the source.'
    )
  return own
}

async function copyTables(
  reads: Reads,
  to: Engine,
  secretKey: string | null,
  progress: WorkProgress
): Promise<Copied['rows']> {
  const { log } = reads.tables
  const [row] = await reads.read(reads.query.select().from(log))
  if (!row || row.epoch === unfinishedEpoch) throw unfinished()
  await to.commit([{ query: to.query.insert(to.tables.log).values({ ...row, seq: 0, epoch: unfinishedEpoch }) }])
  const counts: Record<string, number> = {}
  for (const [name, key] of Object.entries(tableKeys(reads.tables))) {
    // The names are those of the tables.
    const table = name as CopiedTable
    counts[table] = 0
    for await (const page of tablePages(reads, reads.tables[table], key)) {
      const written = page.map((each) => copiedRow(to.secrets, table, each))
      await to.commit(insertAll(to.query, to.tables[table] as SQLiteTable, written), 'later')
      counts[table] += page.length
      progress(`copying ${table}`, counts[table])
    }
  }
  await to.commit([
    {
      query: to.query.update(to.tables.log).set({ ...row, secretKey, database: (await to.identity()) ?? null }),
      rows: 1
    }
  ])
  // One for each table.
  return counts as Copied['rows']
}

function copiedRow(secrets: SecretBox, table: CopiedTable, row: AnyRow): AnyRow {
  // The rows are those of the table.
  if (table === 'subscriptions') return copiedSubscription(secrets, row as Tables['subscriptions']['$inferSelect'])
  // Nobody fetches for the copy.
  if (table === 'feeds') return { ...row, leaseUntil: 0, holder: null }
  return table === 'signingKeys' ? copiedSigningKey(secrets, row as Tables['signingKeys']['$inferSelect']) : row
}
