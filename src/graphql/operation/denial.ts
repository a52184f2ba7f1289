import type { FormattedExecutionResult } from 'graphql'
import type { KnownHeads } from '../../catalogue/heads.ts'
import type { Dependencies } from '../reading/dependencies.ts'

/** What a process may deny since it does not know of the newest commit. */
const denials: readonly unknown[] = ['not_found', 'unknown_revision', 'epoch_changed']

/** Whether an answer says of something that it is not there, by an error or by null. */
export function hasDenial(
  { errors = [] }: Pick<FormattedExecutionResult, 'errors'>,
  dependencies: Pick<Dependencies, 'hasAbsence'> | undefined
): boolean {
  return dependencies?.hasAbsence || errors.some(({ extensions }) => denials.includes(extensions?.code))
}

/** Asks the store whether an answer was made without the newest commits, by the seq that was known when it was begun. */
export async function isBehind(heads: Pick<KnownHeads, 'seq' | 'refresh'>, seq: number): Promise<boolean> {
  await heads.refresh()
  return heads.seq > seq
}
