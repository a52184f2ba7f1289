import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { PortolanError } from '../../domain/errors.ts'

/** The files that the page loads, by their names there, as files of packages. `bin/build.js` copies them to `dist`. */
export const graphiqlFiles = {
  'react.js': 'react/umd/react.production.min.js',
  'react-dom.js': 'react-dom/umd/react-dom.production.min.js',
  'graphql-ws.js': 'graphql-ws/umd/graphql-ws.min.js',
  'graphiql.js': 'graphiql/graphiql.min.js',
  'graphiql.css': 'graphiql/graphiql.min.css'
} as const

/** The built service has copies of its own. A service that runs from sources reads the packages, which only development installs. */
const isBuilt = import.meta.url.endsWith('.js')

/**
 * The files by name, each with its path on this machine.
 * @throws PortolanError `not_ready` where one is missing.
 */
export function findGraphiqlFiles(): readonly (readonly [name: string, path: string])[] {
  return Object.entries(graphiqlFiles).map(([name, packaged]) => {
    const place = isBuilt ? `../../graphiql/${name}` : `../../../node_modules/${packaged}`
    const path = fileURLToPath(new URL(place, import.meta.url))
    if (existsSync(path)) return [name, path]
    const remedy = isBuilt ? 'npm run build brings it' : 'npm ci brings it'
    throw new PortolanError('not_ready', `PORTOLAN_GRAPHIQL=on needs ${path}, which is not there: ${remedy}.`)
  })
}
