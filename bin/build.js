import { execFileSync } from 'node:child_process'
import { cpSync, readdirSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { bundle } from './bundle.js'

// npm run build: `dist` from `src`, with the templates and files of pages, and beside it the files of GraphiQL, whose packages only development installs.
const root = fileURLToPath(new URL('..', import.meta.url))
// A package has no file of a source that is gone.
if (process.argv.includes('--clean')) rmSync(`${root}dist`, { recursive: true, force: true })
const compiler = `${root}node_modules/typescript/bin/tsc`
execFileSync(process.execPath, [compiler, '-p', `${root}tsconfig.build.json`], { cwd: root, stdio: ['ignore', 2, 2] })

// What pages are made of beside code: templates, styles, scripts.
cpSync(`${root}src/pages`, `${root}dist/pages`, { recursive: true, filter: (path) => !/\.(?:ts|md)$/.test(path) })

// 17 MB as it is installed, and half of one as the service uses it.
bundle('drizzle-orm', { root, dist: `${root}dist`, external: ['better-sqlite3', 'pg'] })

const { graphiqlFiles } = await import('../dist/graphql/protocol/graphiql-files.js')
for (const [name, packaged] of Object.entries(graphiqlFiles)) {
  cpSync(`${root}node_modules/${packaged}`, `${root}dist/graphiql/${name}`)
  const [from] = packaged.split('/')
  const licence = readdirSync(`${root}node_modules/${from}`).find((file) => /^licen[cs]e/i.test(file))
  cpSync(`${root}node_modules/${from}/${licence}`, `${root}dist/graphiql/LICENSE.${from}`)
}
