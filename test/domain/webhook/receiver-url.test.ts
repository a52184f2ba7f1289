import t from 'tap'
import {
  addressFault,
  addressOf,
  checkUrl,
  type EgressPolicy,
  readCidr
} from '../../../src/domain/webhook/receiver-url.ts'
import { fc } from '../../support/scale.ts'

const strict: EgressPolicy = { allow: [], ports: [443, 8443], allowsHttp: false }
const open: EgressPolicy = { allow: [], allowsHttp: true }

/** Whether anything would be sent: the URL passes, and its literal address does. */
function passes(text: string, policy: EgressPolicy): boolean {
  const checked = checkUrl(text, policy)
  if ('reason' in checked) return false
  const address = addressOf(checked.url)
  return address === undefined || addressFault(address, policy) === undefined
}

t.test('public receivers pass, on the ports that are listed', async (t) => {
  for (const url of [
    'https://receiver.example/hook?x=1',
    'https://receiver.example:8443',
    'https://93.184.215.14/',
    'https://[2606:4700::1111]/a'
  ])
    t.ok(passes(url, strict), url)
  for (const url of [
    'https://receiver.example:22/',
    'https://receiver.example:6379/',
    'http://receiver.example/',
    'http://receiver.example:443/'
  ])
    t.notOk(passes(url, strict), url)
  t.ok(passes('http://receiver.example:8080/', open))
})

t.test('this machine is reached by none of its names in digits', async (t) => {
  const disguises = [
    ...[
      'http://127.0.0.1/',
      'http://127.1/',
      'http://0x7f.1/',
      'http://2130706433/',
      'http://0177.0.0.1/',
      'http://0/',
      'http:127.0.0.1'
    ],
    ...[
      'http://①②⑦.⓪.⓪.①/',
      'http://127。0。0。1/',
      'http://[::1]/',
      'http://[::ffff:127.0.0.1]/',
      'http://[::ffff:7f00:1]/'
    ],
    ...[
      'http://[::127.0.0.1]/',
      'http://[64:ff9b::7f00:1]/',
      'http://[2002:7f00:1::]/',
      'http://[::]/',
      'http://0.0.0.0/'
    ]
  ]
  for (const url of disguises) t.notOk(passes(url, open), url)
})

t.test('private, shared, reserved and multicast addresses are refused', async (t) => {
  const refused = [
    ...['10.0.0.1', '172.16.0.1', '192.168.1.1', '100.64.0.1', '169.254.1.1', '192.0.2.1', '198.18.0.1', '224.0.0.1'],
    ...[
      '240.0.0.1',
      '255.255.255.255',
      'fe80::1',
      'fc00::1',
      'ff02::1',
      '2001:db8::1',
      '::ffff:10.0.0.1',
      '2001::1',
      '100::1'
    ]
  ]
  for (const address of refused) t.match(addressFault(address, strict), /not a public address/, address)
  t.match(addressFault('nonsense', strict), /not an address/)
})

t.test('a list allows what it names, and never by breadth what is special', async (t) => {
  const allows = (cidr: string, address: string) => addressFault(address, { ...strict, allow: [cidr] }) === undefined
  t.ok(allows('10.20.0.0/16', '10.20.3.4'))
  t.notOk(allows('10.20.0.0/16', '10.21.0.1'))
  t.ok(allows('10.20.0.0/16', '::ffff:10.20.3.4'))
  t.ok(allows('0.0.0.0/0', '192.168.1.1'))
  t.notOk(allows('0.0.0.0/0', '127.0.0.1'))
  t.ok(allows('127.0.0.0/8', '127.0.0.1'))
  t.ok(allows('::1/128', '::1'))
  t.notOk(allows('0.0.0.0/0', '224.0.0.1'))
  t.notOk(allows('::/0', 'fe80::1'))
  t.ok(allows('fd00::/8', 'fd12::1'))
})

t.test('the metadata services of clouds are never allowed', async (t) => {
  const everything = ['0.0.0.0/0', '::/0', '169.254.0.0/16', '100.64.0.0/10', '168.63.129.16/32', 'fd00::/8']
  for (const address of [
    '169.254.169.254',
    '::ffff:169.254.169.254',
    'fd00:ec2::254',
    '168.63.129.16',
    '100.100.100.200'
  ])
    t.match(addressFault(address, { ...open, allow: everything }), /metadata/, address)
})

t.test('IPv4 inside IPv6 is judged as what it is, in every dress', async (t) => {
  const usual = (a: string, b: string) => [`::ffff:${a}:${b}`, `64:ff9b::${a}:${b}`, `2002:${a}:${b}::1`]
  const dressed = (a: string, b: string) => [...usual(a, b), `64:ff9b:1::${a}:${b}`, `::ffff:0:${a}:${b}`]
  const everything = ['::/0', '0.0.0.0/0', '64:ff9b::/96', '2002::/16', '::ffff:0:0:0/96']
  for (const address of [...dressed('a9fe', 'a9fe'), ...dressed('6464', '64c8'), 'fd00:ec2::23', 'fd00:0ec2:0::0023'])
    t.match(addressFault(address, { ...open, allow: everything }), /metadata/, address)
  for (const address of dressed('7f00', '1'))
    t.match(addressFault(address, { ...open, allow: everything }), /not a public address/, address)
  for (const address of dressed('a00', '1'))
    t.match(addressFault(address, { ...open, allow: ['::/0', '64:ff9b::/96'] }), /not a public address/, address)
  for (const address of usual('a00', '1'))
    t.equal(addressFault(address, { ...open, allow: ['10.0.0.0/8'] }), undefined, address)
  for (const address of usual('808', '808')) t.equal(addressFault(address, strict), undefined, address)
})

t.test('what a parser would read otherwise than a person is refused', async (t) => {
  const odd = [
    ...[
      'https://user@receiver.example/',
      'https://a:b@receiver.example/',
      'https://receiver.example/#part',
      'https://h\r\nx/'
    ],
    ...[
      'https://receiver.example/ x',
      'https:\\\\receiver.example',
      'ftp://receiver.example/',
      'receiver.example',
      '',
      'https://'
    ],
    ...[
      'https://receiver.example:0x1bb/',
      'javascript:alert(1)',
      ' https://receiver.example/',
      'https:///receiver.example'
    ]
  ]
  for (const url of odd) t.match(checkUrl(url, strict), { reason: /./ }, JSON.stringify(url))
})

t.test('no text makes it throw', async () => {
  fc.assert(fc.property(fc.string(), (text) => typeof passes(`https://${text}`, strict) === 'boolean'))
})

t.test('a list is of CIDRs, and an address is one of itself', async (t) => {
  t.equal(readCidr('10.0.0.0/8'), '10.0.0.0/8')
  t.equal(readCidr('127.0.0.1'), '127.0.0.1/32')
  t.equal(readCidr('::1'), '::1/128')
  for (const text of ['', 'localhost', '10.0.0.0/33', '10.0.0/8/9']) t.equal(readCidr(text), undefined, text)
})
