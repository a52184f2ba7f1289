import { randomBytes } from 'node:crypto'
import t from 'tap'
import { readSealingKeys, seal, sealedBy, sealingKey, unseal } from '../../src/domain/sealing.ts'
import { fc } from '../support/scale.ts'

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })

t.test('what is sealed is opened by its key in its context, and by nothing else', async () => {
  fc.assert(
    fc.property(bytes(32), bytes(32), bytes(12), fc.string({ unit: 'binary' }), (one, other, nonce, text) => {
      fc.pre(Buffer.compare(one, other) !== 0)
      const [key, wrong] = [sealingKey(one), sealingKey(other)]
      const sealed = seal(key, text, 'row/1', nonce)
      return (
        unseal([wrong, key], sealed, 'row/1') === Buffer.from(text).toString() &&
        unseal([key], sealed, 'row/2') === undefined &&
        unseal([wrong], sealed, 'row/1') === undefined &&
        // Another key that says it were this one.
        unseal([{ ...wrong, id: key.id }], sealed, 'row/1') === undefined &&
        sealedBy(sealed) === key.id
      )
    })
  )
})

t.test('what was altered is not opened', async () => {
  const key = sealingKey(new Uint8Array(32).fill(7))
  const sealed = seal(key, 'whsec_secret', 'row/1', new Uint8Array(12))
  const start = `v1:${key.id}:`.length
  const raw = Buffer.from(sealed.slice(start), 'base64url')
  fc.assert(
    fc.property(fc.nat({ max: raw.byteLength - 1 }), fc.integer({ min: 1, max: 255 }), (index, change) => {
      const altered = raw.with(index, (raw[index] ?? 0) ^ change)
      return unseal([key], sealed.slice(0, start) + Buffer.from(altered).toString('base64url'), 'row/1') === undefined
    })
  )
  fc.assert(
    fc.property(
      fc.nat({ max: sealed.length - 1 }),
      (length) => unseal([key], sealed.slice(0, length), 'row/1') === undefined
    )
  )
})

t.test('keys are read in base64 and hex, the one that seals first', async (t) => {
  const [one, two] = [randomBytes(32), randomBytes(32)]
  const ids = [sealingKey(one).id, sealingKey(two).id]
  for (const text of [
    `${one.toString('base64')},${two.toString('hex')}`,
    ` ${one.toString('base64url')}\n${two.toString('hex').toUpperCase()}\n`
  ])
    t.strictSame(
      readSealingKeys(text)?.map(({ id }) => id),
      ids
    )
  for (const text of ['', ' ', 'a password', one.toString('hex').slice(1), `${one.toString('base64')},short`])
    t.equal(readSealingKeys(text), undefined, text)
})
