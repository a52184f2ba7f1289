import t from 'tap'
import { startApp } from '../../support/app.ts'

t.test('the page is not there unless an operator wants it', async (t) => {
  const { request } = await startApp(t, { isSeeded: false })
  for (const url of ['/graphiql', '/graphiql/page.js', '/graphiql/graphiql.js'])
    t.equal((await request(url)).statusCode, 404, url)
})

t.test('the page loads all that it needs from this service, and its policy lets it load nothing else', async (t) => {
  const { request } = await startApp(t, { isSeeded: false, graphql: { hasGraphiql: true } })
  const page = await request('/graphiql')
  t.equal(page.statusCode, 200)
  t.match(page.headers['content-type'], 'text/html')
  const policy = String(page.headers['content-security-policy'])
  for (const part of ["default-src 'none'", "script-src 'self';", "connect-src 'self'", "frame-ancestors 'none'"])
    t.ok(policy.includes(part), part)
  t.notMatch(policy, /https?:|\*|unsafe-eval/)
  const links = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link = '']) => link)
  t.equal(links.length, 7)
  for (const link of links.filter((link) => !link.startsWith('data:'))) {
    t.match(link, /^graphiql\//, 'it is relative')
    const answer = await request(`/${link}`)
    t.equal(answer.statusCode, 200, link)
    t.match(answer.headers['content-type'], link.endsWith('.css') ? /^text\/css/ : /^(text|application)\/javascript/)
  }
  t.notMatch(page.body, /<script>| on\w+=/, 'it has no inline script')
  t.equal((await request({ method: 'POST', url: '/graphiql' })).statusCode, 405)
  t.equal((await request('/graphiql/package.json')).statusCode, 404, 'and nothing else of the packages')
})
