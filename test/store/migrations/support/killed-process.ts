import Database from 'better-sqlite3'
import pg from 'pg'
import { openStore } from '../../../../src/store/open.ts'

/*
 * A process that opens a store and is killed within its migrations: after so many statements, as by `kill -9`. Arguments: URL, and how many.
 */

const [, , url = '', most] = process.argv
let statements = 0

/** Whether this statement is the last one that the process lives to send. */
function isLast(): boolean {
  statements += 1
  return statements === Number(most)
}

function die(): void {
  process.kill(process.pid, 'SIGKILL')
}

const { exec } = Database.prototype
Database.prototype.exec = function (this: Database.Database, sql: string) {
  const done = exec.call(this, sql)
  if (isLast()) die()
  return done
}

const { query } = pg.Client.prototype
pg.Client.prototype.query = function (this: pg.Client, ...args: Parameters<typeof query>) {
  const answer = query.apply(this, args)
  // It has left by then, and may be answered or not.
  if (isLast()) setTimeout(die, 1)
  return answer
} as typeof query

await (await openStore(url)).close()
