import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises'
import type Database from 'better-sqlite3'
import { checkRows, type Durability, type Statement } from './engine.ts'
import { Statements } from './sqlite-statements.ts'

/**
 * How long a write waits, at first and at most, before it looks again whether another connection has released the lock. Most commits take a
 * millisecond or two.
 */
const [firstLookMs, lastLookMs] = [1, 10]
/**
 * How often a commit that may be late is tried. What it writes was done already, such as a delivery, and is done again where it gives up. With
 * a patience of 5 seconds, all tries and the longest attempt (20 seconds) are over within a lease (45 seconds).
 */
const laterTries = 5
/** How long a write runs before it lets reads have their turn. */
const sliceMs = 5

/** Runs one list of statements at a time, each list in a transaction of its own. */
export interface SqliteWriter {
  commit(statements: Iterable<Statement>, durability?: Durability): Promise<readonly number[]>
  /** Closes when the commit that is under way has ended. */
  close(): Promise<void>
}

/**
 * A writer with a connection of its own that works in slices: a large publish takes seconds, and meanwhile reads on the other connection
 * continue with what was committed before. `patienceMs`: how long a try of a commit waits for another connection.
 */
export function slicedWriter(client: Database.Database, patienceMs: number): SqliteWriter {
  const statements = new Statements(client)
  let last: Promise<unknown> = Promise.resolve()
  let synchronous: string | undefined
  const takeTurn = (list: Iterable<Statement>, durability: Durability) => {
    const mine = last.then(() => {
      const wanted = durability === 'now' ? 'FULL' : 'NORMAL'
      if (wanted !== synchronous) client.pragma(`synchronous = ${wanted}`)
      synchronous = wanted
      return commitInSlices(client, statements, list, patienceMs)
    })
    last = mine.catch(() => {})
    return mine
  }
  return {
    async commit(list, durability = 'now') {
      for (let left = durability === 'later' ? laterTries : 1; ; left -= 1) {
        try {
          return await takeTurn(list, durability)
        } catch (error) {
          // The lock is what a commit begins with: nothing of the list was run. What came meanwhile has its turn first.
          if (!isBusy(error) || left === 1) throw error
        }
      }
    },
    async close() {
      await last
      client.close()
    }
  }
}

/** A writer for a database in memory, which has one connection. A commit is one slice, so that nobody reads half of it. */
export function wholeWriter(client: Database.Database): SqliteWriter {
  const statements = new Statements(client)
  const all = client.transaction((list: Iterable<Statement>) => Array.from(list, (each) => run(statements, each)))
  return { commit: async (list) => all.immediate(list), close: async () => {} }
}

async function commitInSlices(
  client: Database.Database,
  statements: Statements,
  list: Iterable<Statement>,
  patienceMs: number
): Promise<readonly number[]> {
  await begin(client, patienceMs)
  try {
    const touched: number[] = []
    let sliceEnd = performance.now() + sliceMs
    for (const statement of list) {
      touched.push(run(statements, statement))
      if (performance.now() < sliceEnd) continue
      await turn()
      sliceEnd = performance.now() + sliceMs
    }
    client.exec('commit')
    return touched
  } catch (error) {
    if (client.inTransaction) client.exec('rollback')
    throw error
  }
}

/** Begins a transaction. The driver would block the process while it waits for another one, and reads must not wait with it. */
async function begin(client: Database.Database, patienceMs: number): Promise<void> {
  const deadline = performance.now() + patienceMs
  for (let lookMs = firstLookMs; ; lookMs = Math.min(lookMs + 1, lastLookMs)) {
    try {
      client.exec('begin immediate')
      return
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error
      await pause(lookMs)
    }
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY'
}

function run(statements: Statements, statement: Statement): number {
  const { sql, params } = statement.query.toSQL()
  return checkRows(statement, statements.of(sql).run(params).changes)
}
