import type { PackRow } from './change-pack.ts'
import { flowPortText } from './needed-flow.ts'

/** The ports of a row as people write them, each for itself: `tcp/80` and `tcp/443`. */
export function rowPorts({ ports, ...row }: PackRow): readonly string[] {
  return ports ? ports.map((port) => flowPortText({ ...row, port })) : [flowPortText(row)]
}
