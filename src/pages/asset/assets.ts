import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { shortHash } from '../../domain/read/etag.ts'

/** The files that pages load, each with its media type. `npm run generate` writes those of packages. */
const files = {
  'pico.css': 'text/css; charset=utf-8',
  'portolan.css': 'text/css; charset=utf-8',
  'htmx.js': 'text/javascript; charset=utf-8',
  'portolan.js': 'text/javascript; charset=utf-8',
  'favicon.svg': 'image/svg+xml; charset=utf-8'
} as const

type AssetName = keyof typeof files

export interface Asset {
  /** Its path, with a hash of its bytes: `/assets/portolan.1f2e3d4c.css`. */
  readonly path: string
  readonly type: string
  readonly bytes: Buffer
  readonly zipped: Buffer
}

/** The files that pages load, by name. They are read and compressed once. */
export type Assets = Readonly<Record<AssetName, Asset>>

export function readAssets(): Assets {
  // Each name of the table has its entry.
  return Object.fromEntries(Object.entries(files).map(([name, type]) => [name, readAsset(name, type)])) as Assets
}

function readAsset(name: string, type: string): Asset {
  const bytes = readFileSync(new URL(`files/${name}`, import.meta.url))
  const [stem, ending] = name.split('.')
  const path = `/assets/${stem}.${shortHash(bytes.toString('utf8'))}.${ending}`
  return { path, type, bytes, zipped: gzipSync(bytes, { level: 9 }) }
}
