import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from '../../../support/repository.ts'

export type EngineName = 'sqlite' | 'postgres'

interface Column {
  readonly name: string
  readonly type: string
  readonly notNull: boolean
  readonly default?: unknown
}

interface Index {
  readonly name: string
  readonly isUnique: boolean
  readonly where?: string
}

interface ForeignKey {
  readonly columnsFrom: readonly string[]
}

export interface Table {
  readonly name: string
  readonly columns: Readonly<Record<string, Column>>
  readonly indexes: Readonly<Record<string, Index>>
  readonly foreignKeys: Readonly<Record<string, ForeignKey>>
}

/** The tables as they are after a migration, from what drizzle-kit keeps beside it. */
export function tablesAfter(engine: EngineName, migration: number): readonly Table[] {
  const file = `${String(migration).padStart(4, '0')}_snapshot.json`
  const read: { readonly tables: Readonly<Record<string, Table>> } = JSON.parse(
    readFileSync(join(repository, 'migrations', engine, 'meta', file), 'utf8')
  )
  return Object.values(read.tables)
}

/** How many migrations there are. */
export function migrationCount(engine: EngineName): number {
  const journal: { readonly entries: readonly unknown[] } = JSON.parse(
    readFileSync(join(repository, 'migrations', engine, 'meta', '_journal.json'), 'utf8')
  )
  return journal.entries.length
}

/** What of a step would break a program of the version before, which knows the tables of `before` only. */
export function breaks(before: readonly Table[], after: readonly Table[]): readonly string[] {
  return before.flatMap((old) => {
    const now = after.find(({ name }) => name === old.name)
    if (!now) return [`${old.name} is gone`]
    const changed = Object.values(old.columns).flatMap(({ name, type, notNull }) => {
      const column = now.columns[name]
      if (!column) return [`${old.name}.${name} is gone`]
      if (column.type !== type) return [`${old.name}.${name} has another type`]
      return column.notNull && !notNull ? [`${old.name}.${name} may not be null any more`] : []
    })
    const added = Object.values(now.columns)
      .filter(({ name }) => !(name in old.columns))
      .filter((column) => column.notNull && column.default === undefined)
      .map(({ name }) => `${old.name}.${name} must be given`)
    // A unique index that holds only where a new column has a value holds for no row of the version before.
    const fresh = Object.keys(now.columns).filter((name) => !(name in old.columns))
    const unique = Object.values(now.indexes)
      .filter(({ name, isUnique }) => isUnique && !(name in old.indexes))
      .filter(({ where = '' }) => !fresh.some((name) => where.includes(name) && where.includes('is not null')))
      .map(({ name }) => `${old.name} has the new unique index ${name}`)
    // The version before leaves new columns empty, and an empty column refers to nothing.
    const keys = Object.entries(now.foreignKeys)
      .filter(
        ([name, { columnsFrom }]) => !(name in old.foreignKeys || columnsFrom.every((each) => fresh.includes(each)))
      )
      .map(([name]) => `${old.name} has the new foreign key ${name}`)
    return [...changed, ...added, ...unique, ...keys]
  })
}
