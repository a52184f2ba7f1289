import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Webhook as Standard } from 'standardwebhooks'
import { Webhook as Svix } from 'svix'
import t from 'tap'
import { rotateSecret, secretText, usableSecrets } from '../../../src/domain/webhook/webhook-secret.ts'
import {
  asymmetricSignature,
  contentDigest,
  newSigningKey,
  webhookSignature
} from '../../../src/domain/webhook/webhook-signature.ts'

const body = '{"seq":7,"type":"catalogue.transitioned"}'
const timestamp = Math.floor(Date.now() / 1000)
const signed = { id: 'evt_1', timestamp, body }
const day = 86_400_000

function headersOf(signature: string) {
  return { 'webhook-id': signed.id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signature }
}

t.test('the libraries of the standard verify it, with each secret, and refuse another body or secret', async (t) => {
  const secrets = [1, 2, 3].map(() => ({ text: secretText(randomBytes(32)) }))
  const asymmetric = asymmetricSignature(signed, newSigningKey(randomBytes(38), 0))
  const headers = headersOf(webhookSignature(signed, secrets, asymmetric))
  for (const { text } of secrets) {
    t.same(new Standard(text).verify(body, headers), JSON.parse(body))
    t.same(new Svix(text).verify(body, headers), JSON.parse(body))
    t.throws(() => new Standard(text).verify(`${body} `, headers))
  }
  t.throws(() => new Standard(secretText(randomBytes(32))).verify(body, headers))
})

t.test('v1a is Ed25519 over the same text, by the published key', async (t) => {
  const key = newSigningKey(randomBytes(38), 0)
  const asymmetric = asymmetricSignature(signed, key)
  t.match(asymmetric, /^v1a,/)
  const raw = Buffer.from(key.publicKey.replace('whpk_', ''), 'base64')
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw])
  const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' })
  const check = (text: string) => verify(null, Buffer.from(text), publicKey, Buffer.from(asymmetric.slice(4), 'base64'))
  t.equal(check(`evt_1.${timestamp}.${body}`), true)
  t.equal(check(`evt_2.${timestamp}.${body}`), false)
})

t.test('the vector of the guide', async (t) => {
  const guide = readFileSync(new URL('../../../docs/webhooks.md', import.meta.url), 'utf8')
  const [, id = '', seconds, signature, body = ''] =
    /webhook-id: (.*)\nwebhook-timestamp: (.*)\nwebhook-signature: (.*)\n\n(.*)\n/.exec(guide) ?? []
  const [secret = ''] = /whsec_\w{32}/.exec(guide) ?? []
  const key = newSigningKey(new Uint8Array(38).fill(9), 0)
  t.ok(guide.includes(`\`${key.publicKey}\``))
  const request = { id, timestamp: Number(seconds), body }
  t.equal(webhookSignature(request, [{ text: secret }], asymmetricSignature(request, key)), signature)
})

t.test('the digest of the body is the one of RFC 9530', async (t) => {
  t.equal(contentDigest(body), `sha-256=:${createHash('sha256').update(body).digest('base64')}:`)
})

t.test('a replaced secret signs for a day, and two replaced ones at most', async (t) => {
  const first = [{ text: 'whsec_1' }]
  const second = rotateSecret(first, 'whsec_2', 1000)
  t.same(second, [{ text: 'whsec_2' }, { text: 'whsec_1', expiresAt: 1000 + day }])
  const texts = (secrets: typeof second, now: number) => usableSecrets(secrets, now).map(({ text }) => text)
  t.same(texts(second, 1000 + day - 1), ['whsec_2', 'whsec_1'])
  t.same(texts(second, 1000 + day), ['whsec_2'])
  const fourth = rotateSecret(rotateSecret(second, 'whsec_3', 2000), 'whsec_4', 3000)
  t.same(texts(fourth, 3000), ['whsec_4', 'whsec_3', 'whsec_2'])
  t.same(texts(rotateSecret(second, 'whsec_3', 1000 + day), 1000 + day), ['whsec_3', 'whsec_2'])
})
