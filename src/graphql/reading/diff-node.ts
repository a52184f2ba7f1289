import type { comparisonJson } from '../../render/history/comparison-json.ts'
import type { ListIdentity } from './connection.ts'

/** A comparison as it is answered, with what names the list of its changes. */
export interface DiffNode extends ReturnType<typeof comparisonJson> {
  readonly list: ListIdentity
}
