import { strict as assert } from 'node:assert'
import t from 'tap'
import { startApp } from './support/app.ts'
import { requests } from './support/openapi-requests.ts'
import { fc, runs } from './support/scale.ts'

t.test('whatever is asked, the answer is one that the document names', async (t) => {
  const { request, key } = await startApp(t)
  const { authorization } = await key('catalogue:publish', 'catalogue:override', 'subscriptions:write')
  await fc.assert(
    fc.asyncProperty(requests, async ({ operation, method, url, headers, body }) => {
      const { statusCode, ...answer } = await request({
        // A stream of events has no end: of that only the head is asked for.
        method: url.startsWith('/v1/events/stream') ? 'HEAD' : method,
        url,
        headers: { ...headers, ...(headers.authorization === 'key' && { authorization }) },
        ...(method !== 'GET' && { payload: body })
      })
      assert(statusCode < 500, answer.body)
      // Of HEAD there is no body.
      if (answer.body === '' || !String(answer.headers['content-type']).startsWith('application/problem+json')) return
      const { code } = JSON.parse(answer.body)
      const { description = '' } = operation.responses[statusCode] ?? {}
      assert(description.includes(`\`${code}\``), `${statusCode} ${code} is not named: ${description}`)
    }),
    { numRuns: runs(500) }
  )
  t.pass('500 requests')
})
