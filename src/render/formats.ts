import type { Format } from './format.ts'
import { plainHost, plainIp } from './plain.ts'

/** The one table of export formats, in the order in which they are listed. */
export const formats: readonly Format[] = [plainIp, plainHost]
