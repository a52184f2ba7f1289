import { readFileSync } from 'node:fs'

/** The written schema. `src` and `dist` lie equally deep. */
export const sdl = readFileSync(new URL('../../schema/portolan.graphql', import.meta.url), 'utf8')
