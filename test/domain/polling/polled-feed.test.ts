import t from 'tap'
import { faultText } from '../../../src/domain/errors.ts'
import { parseFeedFile } from '../../../src/domain/polling/polled-feed.ts'

function faults(text: string): readonly string[] {
  const read = parseFeedFile(Buffer.from(text))
  return 'faults' in read ? read.faults.map((fault) => faultText(fault, 'a.yaml')) : []
}

const good = 'id: feed.example\nadapter: text\nurl: https://lists.example/a.txt\nevery: PT15M\n'

t.test('a feed is read with what it says, and with a linger of seven days where it says none', async (t) => {
  t.strictSame(parseFeedFile(Buffer.from(good)), {
    feed: {
      id: 'feed.example',
      adapter: 'text',
      url: 'https://lists.example/a.txt',
      every: 'PT15M',
      everyMs: 900_000,
      lingerMs: 604_800_000,
      settleMs: 0
    }
  })
  t.match(parseFeedFile(Buffer.from(`${good}linger: P0D\nsettle: PT30M\n`)), {
    feed: { lingerMs: 0, settleMs: 1_800_000 }
  })
})

t.test('every fault of a file has its line and column', async (t) => {
  t.match(faults(good.replace('PT15M', 'PT30S')), ['a.yaml:4:8: /every: must be at least PT1M for the adapter text'])
  t.match(faults(good.replace('PT15M', 'soon')), [/^a\.yaml:4:8: .*is not a duration of days, hours and minutes/])
  t.match(faults(`${good}lnger: P7D\n`), [/^a\.yaml:5:1: .*no field "lnger".*linger/])
  t.match(faults(good.replace('text', 'txt')), [/^a\.yaml:2:10: .*text/])
  t.match(faults(`${good}select: { region: [eu] }\n`), [/^a\.yaml:5:\d+: .*has no field "region"/])
  t.match(faults(`${good}map: a.jsonata\n`), [/map.*adapter json/])
  t.match(faults('id: feed.example\nadapter: text\nevery: PT15M\n'), [/url is required, or mirror/])
  t.match(faults('id: [\n'), [/^a\.yaml:\d+:\d+: the file/])
  t.match(faults(good.replace('https:', 'ftp:')), [/^a\.yaml:3:6: /])
})
