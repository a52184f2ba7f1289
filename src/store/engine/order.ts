/** By code unit, as everywhere in this service: the collation of a database is another one. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
