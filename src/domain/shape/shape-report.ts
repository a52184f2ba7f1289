/** What an answer in the shape of another service contains, and where it differs from the catalogue. */
export interface ShapeReport {
  readonly entries: number
  readonly omitted: number
  readonly widened: number
  /** The number of requirements that name no endpoint. */
  readonly unnamed: number
}
