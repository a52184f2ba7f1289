import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Builds `dist` where it is missing or older than a source. A package has `dist`, and neither sources nor a compiler. */
export function buildMissing() {
  const built = `${root}dist/main.js`
  const canBuild = existsSync(`${root}src`) && existsSync(`${root}node_modules/typescript`)
  if (canBuild && !(existsSync(built) && statSync(built).mtimeMs >= newest(`${root}src`))) {
    process.stderr.write('Building…\n')
    execFileSync(process.execPath, [`${root}bin/build.js`], { stdio: ['ignore', 2, 2] })
  }
  if (existsSync(built)) return
  process.stderr.write('dist is missing: npm ci && npm run build\n')
  process.exit(2)
}

function newest(folder) {
  return Math.max(
    ...readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(`${entry.parentPath}/${entry.name}`).mtimeMs)
  )
}
