import { realpathSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the repository, also for a test that runs compiled: beside it, `package.json` is a link. */
export const repository = dirname(realpathSync(fileURLToPath(new URL('../../package.json', import.meta.url))))
