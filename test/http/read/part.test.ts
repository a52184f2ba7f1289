import t from 'tap'
import { startApp } from '../../support/app.ts'
import { addresses, documentInput, requirementInput } from '../../support/document.ts'

t.test('of a catalogue larger than the cache only the requirements that are asked for are read', async (t) => {
  const app = await startApp(t, { isSeeded: false, cacheMegabytes: 0.05 })
  const requirements = Array.from({ length: 100 }, (_, index) =>
    requirementInput({ key: `city-${index}`, tags: [`t-${index % 50}`], endpoints: addresses(20, index * 20) })
  )
  const published = await app.request({
    method: 'PUT',
    url: '/v1/catalogues/product-1/document',
    headers: { ...(await app.key('catalogue:publish')), 'if-none-match': '*' },
    payload: documentInput({ requirements })
  })
  t.equal(published.statusCode, 201)
  const path = '/v1/catalogues/product-1'
  const whole = (await app.request(path)).json()
  const { store } = app.catalogues
  const documents: string[] = []
  const { document } = store
  Object.assign(store, {
    document: (...args: Parameters<typeof document>) => {
      documents.push(args.join(' '))
      return document.apply(store, args)
    }
  })
  const [one, , two] = whole.requirements
  t.same((await app.request(`${path}/requirements/city-0`)).json(), one)
  const { items } = (await app.request(`${path}/requirements?requirement=city-2&requirement=city-0`)).json()
  t.same(items, [one, two], 'in the order of the document')
  const tagged = (await app.request(`${path}?tag=t-7`)).json()
  t.same(tagged.requirements, [whole.requirements[7], whole.requirements[57]])
  t.same({ ...tagged, requirements: [] }, { ...whole, requirements: [] })
  t.equal((await app.request(`${path}/endpoints?requirement=city-3`)).json().items.length, 20)
  const many = Array.from({ length: 40 }, (_, index) => `requirement=city-${index}`).join('&')
  t.same((await app.request(`${path}?${many}`)).json().requirements, whole.requirements.slice(0, 40))
  t.equal((await app.request(`${path}/requirements/nope`)).statusCode, 404)
  t.same(documents, [], 'the whole document is read by none of these')
})
