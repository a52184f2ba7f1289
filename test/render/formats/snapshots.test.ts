import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { parseTar } from 'nanotar'
import t from 'tap'
import type { Format } from '../../../src/render/export/format.ts'
import { formats } from '../../../src/render/formats/formats.ts'
import { rendered } from './support/rendered.ts'

/** `TAP_SNAPSHOT=1 npm run test:one -- test/render/formats/snapshots.test.ts` writes them anew; read the difference before you commit it. */
const isWriting = process.env.TAP_SNAPSHOT === '1'
const home = new URL('snapshots/', import.meta.url)

interface Snapshot {
  readonly file: string
  readonly content: Uint8Array
}

/** Every mode of a format over everything; a list for its busiest slice. Of an archive each file. */
function snapshotsOf(format: Format): readonly Snapshot[] {
  return (format.modes ?? [undefined]).flatMap((mode) => {
    const { body, mediaType } = rendered(format.name, {
      ...(mode !== undefined && { mode }),
      ...(format.kind === 'list' && { slice: 'out-tcp-80_443' })
    })
    const base = mode === undefined ? format.name : `${format.name}-${mode}`
    if (mediaType !== 'application/x-tar') return [{ file: `${base}.${format.extension}`, content: body }]
    return parseTar(body).map(({ name, data }) => ({
      file: `${base}@${name.replaceAll('/', '-')}`,
      content: data ?? new Uint8Array()
    }))
  })
}

const taken = formats.flatMap(snapshotsOf)

for (const format of formats) {
  t.test(`${format.name} says of everything what its snapshot says`, async (t) => {
    for (const { file, content } of snapshotsOf(format)) {
      const place = new URL(file, home)
      if (isWriting) writeFileSync(place, content)
      if (!existsSync(place)) {
        t.fail(`there is no snapshot ${file}: write it`)
        continue
      }
      const kept = readFileSync(place)
      if (format.extension === 'xlsx') t.ok(kept.equals(content), file)
      else t.equal(Buffer.from(content).toString('utf8'), kept.toString('utf8'), file)
    }
  })
}

t.test('no snapshot is left over', async (t) => {
  const names = taken.map(({ file }) => file)
  t.strictSame(
    readdirSync(home).filter((file) => !names.includes(file)),
    []
  )
})
