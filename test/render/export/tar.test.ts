import { parseTar } from 'nanotar'
import t from 'tap'
import { tarArchive } from '../../../src/render/export/tar.ts'
import { formats } from '../../../src/render/formats/formats.ts'
import { fc, runs } from '../../support/scale.ts'
import { everything, rendered } from '../formats/support/rendered.ts'

const file = (name: string, size: number) => ({ part: name, name, mediaType: 'text/plain', content: 'a'.repeat(size) })

function hasEnd(archive: Uint8Array): boolean {
  return archive.length % 10_240 === 0 && archive.subarray(-1024).every((byte) => byte === 0)
}

t.test('an archive ends with two blocks of zeros, however many blocks its files fill', async (t) => {
  for (const sizes of [[], Array(10).fill(1), [...Array(9).fill(1), 0], [9728], [9216], [8704], Array(20).fill(512)])
    t.ok(
      hasEnd(
        tarArchive(
          sizes.map((size, index) => file(`${index}`, size)),
          0
        )
      ),
      String(sizes)
    )
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 12 }), (sizes) => {
      const archive = tarArchive(
        sizes.map((size, index) => file(`${index}`, size)),
        0
      )
      t.ok(hasEnd(archive))
      t.strictSame(
        parseTar(archive).map(({ size }) => size),
        sizes
      )
    }),
    { numRuns: runs(100) }
  )
})

t.test('the files of every archive have their names, however long an id is', async (t) => {
  const document = { ...everything, id: `a${'-1.b'.repeat(24)}-cd` }
  t.equal(document.id.length, 100)
  for (const { name, kind } of formats) {
    const { body, mediaType } = rendered(name, { document, ...(kind === 'list' && { slice: 'out-tcp-80_443' }) })
    if (mediaType !== 'application/x-tar') continue
    const names = parseTar(body).map((each) => each.name)
    t.equal(new Set(names).size, names.length, name)
    t.ok(
      names.every((each) => each.length <= 100 && /\.[a-z_]+$/.test(each)),
      `${name}: ${names.join(' ')}`
    )
  }
})
