import t from 'tap'
import { normalSourceUrl } from '../../../src/domain/reference/source-url.ts'

t.test('URLs that RFC 3986 calls equivalent are equal', async (t) => {
  const normal = 'https://example.net/lists/a~b.json?x=%2F'
  for (const same of [
    'HTTPS://Example.NET/lists/a~b.json?x=%2f',
    'https://example.net:443/lists/a%7Eb.json?x=%2F',
    'https://example.net/other/../lists/./a~b.json?x=%2F#part'
  ])
    t.equal(normalSourceUrl(same), normal)
  t.equal(normalSourceUrl('https://example.net'), 'https://example.net/')
})

t.test('other URLs are not', async (t) => {
  for (const other of [
    'http://example.net/a',
    'https://example.net/a/',
    'https://example.net/A',
    'https://example.net/a?b',
    'https://example.net:8443/a'
  ])
    t.not(normalSourceUrl(other), normalSourceUrl('https://example.net/a'))
})
