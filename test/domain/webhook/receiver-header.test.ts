import t from 'tap'
import { canonicalHeaders, headerFaults } from '../../../src/domain/webhook/receiver-header.ts'

const names = (headers: Readonly<Record<string, string>>) => [...headerFaults(headers).keys()]

t.test('header fields of the owner are sent, by lower-case name', async (t) => {
  const headers = { Authorization: ' Bearer x ', 'X-Team': 'network' }
  t.same(names(headers), [])
  t.same(canonicalHeaders(headers), { authorization: 'Bearer x', 'x-team': 'network' })
})

t.test('those that the sender sets, or that change who is asked or how, are refused', async (t) => {
  const denied = [
    ...[
      'Host',
      'connection',
      'Content-Type',
      'content-length',
      'content-digest',
      'TE',
      'trailer',
      'Transfer-Encoding',
      'Upgrade'
    ],
    ...[
      'Cookie',
      'expect',
      'Webhook-Signature',
      'webhook-id',
      'ce-type',
      'Portolan-Seq',
      'proxy-authorization',
      'user-agent'
    ],
    ...[
      'X-Forwarded-For',
      'x-forwarded-host',
      'Forwarded',
      'via',
      'X-HTTP-Method-Override',
      'x-original-url',
      'x-real-ip'
    ]
  ]
  for (const name of denied) t.same(names({ [name]: 'x' }), [name], name)
})

t.test('a field cannot begin another one, and there are few and short ones', async (t) => {
  for (const value of ['a\r\nhost: b', 'a\nb', 'a\0', 'ü'])
    t.same(names({ 'x-a': value }), ['x-a'], JSON.stringify(value))
  for (const name of ['', 'a b', 'a:', 'ü']) t.equal(names({ [name]: 'x' }).length, 1, JSON.stringify(name))
  t.same(names(Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`x-${index}`, 'v']))), [''])
  t.same(names({ 'x-a': 'v'.repeat(4094) }), [''])
  t.same(names({ 'x-a': '1', 'X-A': '2' }), [''])
})
