import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Builds `dist` where it is missing or older than a source. A package without sources is built already. */
export function buildMissing() {
  const built = `${root}dist/main.js`
  if (!existsSync(`${root}src`) || !existsSync(`${root}node_modules/typescript`)) return
  if (existsSync(built) && statSync(built).mtimeMs >= newest(`${root}src`)) return
  process.stderr.write('Building…\n')
  execFileSync(process.execPath, [`${root}bin/build.js`], { stdio: ['ignore', 2, 2] })
}

function newest(folder) {
  return Math.max(
    ...readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(`${entry.parentPath}/${entry.name}`).mtimeMs)
  )
}
