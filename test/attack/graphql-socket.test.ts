import t from 'tap'
import { GraphQLSocket } from '../graphql/support/graphql-socket.ts'
import { clearswift, startApp } from '../support/app.ts'

const operation = (n: number) => ({
  query: `{ a${n}: __typename catalogue(id: "${clearswift}") { requirements { nodes { key endpoints { value } } } } }`
})
const numbers = (count: number) => Array.from({ length: count }, (_, n) => n)

t.test('operations of one connection are answered one after the other, and others between them', async (t) => {
  const app = await startApp(t)
  const address = await app.listen()
  const socket = await GraphQLSocket.open(address)
  const order: number[] = []
  const burst = numbers(100).map(async (n) => {
    const [next] = await socket.ask(operation(n))
    order.push(n)
    return next
  })
  const other = await GraphQLSocket.open(address)
  const [between] = await other.ask({ query: '{ __typename }' })
  t.match(between, { type: 'next', payload: { data: { __typename: 'Query' } } })
  t.ok(order.length < 100, `another connection was answered after ${order.length}`)
  const health = await fetch(`${address}/health/live`)
  t.equal(health.status, 200)
  t.ok(order.length < 100, `and so was a request, after ${order.length}`)
  for (const next of await Promise.all(burst)) t.match(next, { type: 'next', payload: { data: Object } })
  t.strictSame(order, numbers(100), 'in their order')
  for (const each of [socket, other]) each.close()
})

t.test('a connection on which too many operations wait is closed with a code and a reason', async (t) => {
  const app = await startApp(t)
  const address = await app.listen()
  const many = await GraphQLSocket.open(address)
  for (const n of numbers(300)) void many.ask(operation(n))
  t.strictSame(await many.closed, { code: 4429, reason: 'Too many operations wait' })
  const fine = await GraphQLSocket.open(address)
  t.match(await fine.ask({ query: '{ __typename }' }), [{ type: 'next' }, { type: 'complete' }], 'others go on')
  fine.close()
})

t.test('a subscription keeps no other operation waiting, and what fails neither', async (t) => {
  const app = await startApp(t)
  const socket = await GraphQLSocket.open(await app.listen())
  void socket.ask({ query: 'subscription { events { seq } }' })
  t.match(await socket.ask({ query: '{ nothing }' }), [{ type: 'error' }])
  t.match(await socket.ask({ query: '{' }), [{ type: 'error' }])
  t.match(await socket.ask(operation(1)), [{ type: 'next' }, { type: 'complete' }])
  socket.close()
})
