import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { buildSync } from 'esbuild'

/**
 * Puts what the compiled files import of a package into a few files under `packages`, and makes them import those. An installation then does not
 * bring the package, of which it would use little. `external`: the packages that it imports itself and that are installed.
 */
export function bundle(name, { root, dist, external }) {
  const into = join(dist, 'packages')
  const imports = new RegExp(`(?<=^(?:import|export) .*from )'(${name}(?:/[\\w/-]+)?)'`, 'gm')
  const files = readdirSync(dist, { recursive: true })
    .filter((file) => file.endsWith('.js') && !file.startsWith('packages/'))
    .map((file) => ({ path: join(dist, file), text: readFileSync(join(dist, file), 'utf8') }))
    .filter(({ text }) => text.search(imports) >= 0)
  const paths = new Set(files.flatMap(({ text }) => [...text.matchAll(imports)].map(([, path]) => path)))
  buildSync({
    absWorkingDir: root,
    entryPoints: [...paths].map((path) => ({ in: path, out: path })),
    outdir: into,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    external,
    legalComments: 'inline',
    logLevel: 'warning'
  })
  for (const { path: file, text } of files)
    writeFileSync(
      file,
      text.replace(
        imports,
        (_, path) => `'${relative(dirname(file), join(into, `${path}.js`)).replace(/^(?!\.)/, './')}'`
      )
    )
}
