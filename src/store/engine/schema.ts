import { PortolanError } from '../../domain/errors.ts'

/** What happens to a store with older tables than those of the program: they are migrated, or it is refused. */
export type Migration = 'run' | 'refuse'

/** The schema number of a store when it was opened, and now: how many migrations it has. 0: it had no tables. */
export interface SchemaStep {
  readonly before: number
  readonly now: number
}

/**
 * Compares the number of a store with that of the program.
 * @throws PortolanError `wrong_schema` where the store is newer, or where it is older and may not be migrated
 */
export function requireSchema(store: number, program: number, migration: Migration): void {
  if (store > program)
    throw new PortolanError(
      'wrong_schema',
      `The store has schema ${store}, and this program knows only those up to ${program}: run a program that is at least as new as the one that migrated the store.`
    )
  if (store < program && migration === 'refuse')
    throw new PortolanError(
      'wrong_schema',
      `The store has schema ${store}, and this program needs ${program}: run portolan migrate first.`
    )
}
