import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import t from 'tap'
import { clearswift, startApp } from '../../support/app.ts'

const query = (title: string) => JSON.stringify({ query: `{ catalogue(id: "${clearswift}") { ${title} validUntil } }` })

/** As it goes over the wire. */
function post(body: string, ...fields: readonly string[]): string {
  const head = ['POST /graphql HTTP/1.1', 'host: portolan', 'content-type: application/json', ...fields]
  return `${head.join('\r\n')}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

/** Sends pieces of requests over one connection, and gives back everything that was answered. */
async function exchange(address: string, pieces: readonly string[], pauseMs = 20): Promise<string> {
  const { hostname, port } = new URL(address)
  const socket = connect(Number(port), hostname)
  socket.setNoDelay(true)
  const said = text(socket)
  for (const piece of pieces) {
    socket.write(piece)
    await setTimeout(pauseMs)
  }
  socket.end()
  return said
}

/** The answers in what was said: status, whether one was kept, and the body. */
function answersIn(said: string) {
  return said
    .split(/(?=HTTP\/1\.1 )/)
    .filter((each) => each !== '')
    .map((each) => {
      const [head = '', body = ''] = each.split('\r\n\r\n')
      return { status: Number(head.slice(9, 12)), isKept: !/^x-request-id:/im.test(head), head, body: JSON.parse(body) }
    })
}

t.test('the same POST again is answered from what was kept, however it arrives', async (t) => {
  const app = await startApp(t, { now: '2018-10-01T00:00:00Z' })
  const address = await app.listen()
  const whole = post(query('title'))
  const [head = '', body = ''] = whole.split(/(?<=\r\n\r\n)/)
  const first = answersIn(await exchange(address, [whole]))
  t.match(first, [{ status: 200, isKept: false, body: { data: { catalogue: { title: String } } } }])

  const arrivals: Readonly<Record<string, readonly string[]>> = {
    'at once': [whole],
    'the body after the head': [head, body],
    'in pieces': [head.slice(0, 40), head.slice(40), body.slice(0, 10), body.slice(10)],
    'two in one piece': [whole + whole],
    'one after another': [whole, whole, whole]
  }
  for (const [how, pieces] of Object.entries(arrivals)) {
    const answers = answersIn(await exchange(address, pieces))
    t.equal(answers.length, pieces.join('').split('POST ').length - 1, `${how}: each request is answered`)
    for (const answer of answers) {
      t.match(answer, { status: 200, isKept: true }, how)
      t.strictSame(answer.body, first[0]?.body, how)
      t.match(answer.head, /^content-type: application\/json; charset=utf-8$/im)
      t.match(answer.head, /^cache-control: no-store$/im)
      t.match(answer.head, /^x-content-type-options: nosniff$/im)
    }
  }
})

t.test('what is not the same request goes its usual way', async (t) => {
  const app = await startApp(t)
  const address = await app.listen()
  const kept = post(query('title'))
  await exchange(address, [kept])
  const { authorization } = await app.key('catalogue:read')
  const others: readonly (readonly [string, number, string])[] = [
    ['another operation', 200, post(query('vendor'))],
    ['another type is accepted', 200, post(query('title'), 'accept: application/graphql-response+json')],
    ['no type that is known is accepted', 406, post(query('title'), 'accept: text/plain')],
    ['a body that is encoded', 415, post(query('title'), 'content-encoding: gzip')],
    ['a key that is unknown', 401, post(query('title'), 'authorization: Bearer nonsense')],
    ['a body that is no JSON', 400, post(query('title').slice(1))],
    ['no body', 400, post('')],
    ['a body of over 64 KB', 200, post(query('title').replace('{', `{${' '.repeat(70_000)}`))]
  ]
  for (const [what, status, request] of others)
    t.match(
      answersIn(await exchange(address, [request, kept])),
      [
        { status, isKept: false },
        { status: 200, isKept: true }
      ],
      what
    )
  const chunk = `${query('title').length.toString(16)}\r\n${query('title')}\r\n0\r\n\r\n`
  const chunked = kept.slice(0, kept.indexOf('content-length')).concat(`transfer-encoding: chunked\r\n\r\n${chunk}`)
  t.match(answersIn(await exchange(address, [chunked])), [{ status: 200, isKept: true }], 'only its length is not told')
  t.match(
    answersIn(await exchange(address, [post(query('title'), `authorization: ${authorization}`)])),
    [{ status: 200, isKept: true }],
    'who presents a key gets what was kept too, once it is found to be good'
  )
})

t.test('what was kept is not told once it is not right any more', async (t) => {
  const app = await startApp(t, { now: '2018-11-21T23:59:59Z' })
  const address = await app.listen()
  const ask = async () => answersIn(await exchange(address, [post(query('title'))]))
  await ask()
  const until = '2018-11-22T00:00:00Z'
  t.match(await ask(), [{ isKept: true, body: { data: { catalogue: { validUntil: until } } } }])
  app.clock.now = Date.parse(until)
  t.match(await ask(), [{ isKept: false, body: { data: { catalogue: { validUntil: null } } } }], 'a transition')
  t.match(await ask(), [{ isKept: true, body: { data: { catalogue: { validUntil: null } } } }])
})

t.test('a body that ends too early is refused, and its connection with it', async (t) => {
  const app = await startApp(t)
  const address = await app.listen()
  const whole = post(query('title'))
  t.match(answersIn(await exchange(address, [whole.slice(0, -20)])), [{ status: 400 }])
  t.match(answersIn(await exchange(address, [whole])), [{ status: 200 }], 'the next one is')
})
