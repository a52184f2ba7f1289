import t from 'tap'
import { HotAnswers } from '../../../src/http/answer/hot-answers.ts'
import { HotPosts } from '../../../src/http/answer/hot-posts.ts'
import { hotServer } from '../../../src/http/answer/server.ts'
import { startApp } from '../../support/app.ts'

t.test('heads, whole requests and silence between requests are waited for in bounds', async (t) => {
  const { catalogues } = await startApp(t, { isSeeded: false })
  const hotAnswers = new HotAnswers(catalogues)
  const hotPosts = new HotPosts(catalogues, hotAnswers)
  const server = hotServer({ hotAnswers, hotPosts, isPublic: true, announce: undefined })(() => {})
  t.match(server, { headersTimeout: 15_000, requestTimeout: 60_000, keepAliveTimeout: 72_000 })
})
