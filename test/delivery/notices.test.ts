import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import t from 'tap'
import { type Notice, noticeTypes } from '../../src/domain/webhook/notice.ts'
import { webhookMessage } from '../../src/render/webhook/webhook.ts'
import { startReceiver } from './support/receiver.ts'
import { startPostOffice } from './support/webhook-sender.ts'

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true })
addFormats.default(ajv)
const validators = new Map(
  noticeTypes.map((type) => {
    const file = new URL(`../../schema/event.${type}.schema.json`, import.meta.url)
    return [type, ajv.compile(JSON.parse(readFileSync(file, 'utf8')))]
  })
)

/** What is wrong with a body by the published schema of a type. */
function faults(type: string, body: unknown): string | undefined {
  const validate = validators.get(noticeTypes.find((known) => known === type) ?? 'subscription.ping')
  return validate?.(body) ? undefined : ajv.errorsText(validate?.errors)
}

t.test('notices come as their schemas say, over the life of a subscription', async (t) => {
  const post = await startPostOffice(t)
  const receiver = await startReceiver(t)
  const { id } = await post.ask('POST', '', { url: receiver.url })
  const act = async (name: string) => {
    await post.ask('POST', `/${id}/${name}`)
    await post.deliver()
  }
  for (const name of ['ping', 'pause', 'resume']) await act(name)
  receiver.replies = [500, 204]
  await post.publish('one')
  await post.deliver()
  await post.pass(10)
  const notices = receiver.received.filter(({ event }) => event.seq === undefined)
  t.match(
    notices.map(({ event }) => [event.type, event.subscription]),
    [
      ['subscription.ping', { id, state: 'pending' }],
      ['subscription.activated', { state: 'active', previousState: 'pending' }],
      ['subscription.paused', { state: 'paused', previousState: 'active' }],
      ['subscription.resumed', { state: 'active', previousState: 'paused' }],
      ['subscription.activated', { state: 'active', previousState: 'degraded' }]
    ]
  )
  for (const { event, headers } of notices) {
    t.equal(faults(String(event.type), event), undefined, `${event.type}`)
    t.equal(headers['portolan-event'], event.type)
    t.notOk('portolan-seq' in headers, 'it is not in the log')
    t.match(faults(String(event.type), { ...event, seq: 1 }), /additional properties/)
  }
})

t.test('so does each of them, also those that only its owner finds', async (t) => {
  const states = {
    'subscription.ping': 'pending',
    'subscription.activated': 'active',
    'subscription.degraded': 'degraded',
    'subscription.suspended': 'suspended',
    'subscription.paused': 'paused',
    'subscription.resumed': 'active',
    'subscription.gone': 'gone'
  } as const
  for (const type of noticeTypes) {
    const notice: Notice = {
      id: 'evt_01ARZ3NDEKTSV4RRFFQ69G5FAV',
      type,
      occurredAt: Date.parse('2026-11-24T12:00:00Z'),
      state: states[type],
      ...(type !== 'subscription.ping' && { previousState: 'active', reason: 'answered 503' })
    }
    const sender = { epoch: 'e', base: 'https://portolan.example' }
    const { body } = webhookMessage({ kind: 'notice', notice }, 'sub_01ARZ3NDEKTSV4RRFFQ69G5FAV', 'standard', sender)
    t.equal(faults(type, JSON.parse(body)), undefined, type)
  }
})
