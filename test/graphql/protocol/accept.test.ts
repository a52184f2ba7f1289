import t from 'tap'
import { startApp } from '../../support/app.ts'

t.test(
  'a client that takes only server-sent events gets its answer as them, at the path of all operations',
  async (t) => {
    const { request } = await startApp(t)
    const ask = (accept: string) =>
      request({
        method: 'POST',
        url: '/graphql',
        headers: { 'content-type': 'application/json', accept },
        payload: JSON.stringify({ query: '{ __typename }', variables: '' })
      })
    const streamed = await ask('text/event-stream')
    t.match(streamed.headers['content-type'], /^text\/event-stream/)
    t.match(streamed.body, /^event: next\ndata: \{"data":\{"__typename":"Query"\}.*\}\n\nevent: complete\ndata:\n\n$/)
    for (const accept of ['text/event-stream, application/json', '*/*'])
      t.match((await ask(accept)).json(), { data: { __typename: 'Query' } }, accept)
    t.equal((await ask('text/html')).statusCode, 406)
  }
)
