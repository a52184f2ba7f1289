import t from 'tap'
import { errorTitles } from '../../../src/domain/errors.ts'
import { startApp } from '../../support/app.ts'

const sentence = /^[A-Z`].*\.$/

t.test('every error code has a page with its cause, what helps, and one such problem', async (t) => {
  const app = await startApp(t, { publicUrl: 'https://portolan.example/net' })
  const { components } = (await app.request('/openapi.json')).json()
  const members = Object.keys(components.schemas.Problem.properties)
  const causes = new Set<string>()
  for (const [code, title] of Object.entries(errorTitles)) {
    const answer = await app.request(`/problems/${code}`)
    t.equal(answer.statusCode, 200, code)
    const { status, cause, remedy, example, ...rest } = answer.json()
    t.strictSame(rest, { code, title })
    for (const text of [cause, remedy]) t.match(text, sentence, code)
    t.match(example.detail, /[.?]$/, code)
    causes.add(cause)
    t.match(example, { type: `/net/problems/${code}`, title, status, instance: /^urn:uuid:/, code })
    for (const name of Object.keys(example)) t.ok(members.includes(name), `${code} ${name}`)
  }
  t.equal(causes.size, Object.keys(errorTitles).length, 'each has a cause of its own')
  t.match((await app.request('/problems/teapot')).json(), { code: 'not_found' })
})

t.test('what a service really answers is what its page shows', async (t) => {
  const app = await startApp(t, {})
  const requests = {
    unknown_parameter: '/v1/catalogues?statuss=all',
    invalid_parameter: '/v1/catalogues/clearswift-exchange-gateway-4.8?direction=out',
    missing_parameter: '/v1/lookup',
    not_found: '/v1/catalogues/clearswift-exchange-gateway-4.9',
    unknown_revision: '/v1/catalogues/clearswift-exchange-gateway-4.8?asOf=9',
    cursor_invalid: '/v1/delta?cursor=nonsense'
  }
  for (const [code, url] of Object.entries(requests)) {
    const { instance: _, ...answered } = (await app.request(url)).json()
    const { instance: __, ...shown } = (await app.request(`/problems/${code}`)).json().example
    t.strictSame(answered, shown, code)
  }
})
