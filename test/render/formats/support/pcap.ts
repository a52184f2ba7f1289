import ipaddr from 'ipaddr.js'

/** A packet of IP with its payload, between a product and another side. */
export interface Datagram {
  readonly from: string
  readonly to: string
  /** IANA's number. */
  readonly protocol: number
  readonly payload: Uint8Array
}

/** LINKTYPE_RAW: packets begin with the header of IP. */
const rawLink = 101

/** A capture file, with one packet each second. The first packet has the number 1 in what is read from it. */
export function pcapFile(datagrams: readonly Datagram[]): Uint8Array {
  const head = Buffer.alloc(24)
  head.writeUInt32LE(0xa1b2c3d4, 0)
  head.writeUInt16LE(2, 4)
  head.writeUInt16LE(4, 6)
  head.writeUInt32LE(65_535, 16)
  head.writeUInt32LE(rawLink, 20)
  const records = datagrams.flatMap((datagram, index) => {
    const packet = ipPacket(datagram)
    const record = Buffer.alloc(16)
    record.writeUInt32LE(1_600_000_000 + index, 0)
    record.writeUInt32LE(packet.length, 8)
    record.writeUInt32LE(packet.length, 12)
    return [record, packet]
  })
  return Buffer.concat([head, ...records])
}

function ipPacket({ from, to, protocol, payload }: Datagram): Uint8Array {
  const addresses = [from, to].map((each) => Buffer.from(ipaddr.parse(each).toByteArray()))
  if (from.includes(':')) {
    const head = Buffer.alloc(8)
    head.writeUInt8(0x60, 0)
    head.writeUInt16BE(payload.length, 4)
    head.writeUInt8(protocol, 6)
    head.writeUInt8(64, 7)
    return Buffer.concat([head, ...addresses, payload])
  }
  const head = Buffer.alloc(12)
  head.writeUInt8(0x45, 0)
  head.writeUInt16BE(20 + payload.length, 2)
  head.writeUInt8(64, 8)
  head.writeUInt8(protocol, 9)
  return Buffer.concat([head, ...addresses, payload])
}

/** Checksums stay zero: whoever reads the file is told not to look at them. */
export function tcpSegment(
  ports: readonly [number, number],
  flags: 'S' | 'SA' | 'A' | 'PA',
  { seq = 0, ack = 0, data = '' }: { readonly seq?: number; readonly ack?: number; readonly data?: string | Uint8Array }
): Uint8Array {
  const head = Buffer.alloc(20)
  head.writeUInt16BE(ports[0], 0)
  head.writeUInt16BE(ports[1], 2)
  head.writeUInt32BE(seq, 4)
  head.writeUInt32BE(ack, 8)
  head.writeUInt8(0x50, 12)
  head.writeUInt8({ S: 2, SA: 18, A: 16, PA: 24 }[flags], 13)
  head.writeUInt16BE(65_535, 14)
  return Buffer.concat([head, Buffer.from(data)])
}

/** A connection in which the client says one thing. */
export function conversation(
  { client, server, ports }: { readonly client: string; readonly server: string; readonly ports: [number, number] },
  said: Uint8Array
): readonly Datagram[] {
  const back: [number, number] = [ports[1], ports[0]]
  const out = (payload: Uint8Array) => ({ from: client, to: server, protocol: 6, payload })
  const into = (payload: Uint8Array) => ({ from: server, to: client, protocol: 6, payload })
  return [
    out(tcpSegment(ports, 'S', { seq: 100 })),
    into(tcpSegment(back, 'SA', { seq: 300, ack: 101 })),
    out(tcpSegment(ports, 'A', { seq: 101, ack: 301 })),
    out(tcpSegment(ports, 'PA', { seq: 101, ack: 301, data: said })),
    into(tcpSegment(back, 'A', { seq: 301, ack: 101 + said.length }))
  ]
}

export function httpRequest(host: string): Uint8Array {
  return Buffer.from(`GET / HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: probe\r\n\r\n`)
}

/** The first message of TLS 1.2, with the name of the server (RFC 6066) as its only extension. */
export function clientHello(name: string): Uint8Array {
  const counted = (bytes: 1 | 2 | 3, content: Uint8Array) => {
    const length = Buffer.alloc(bytes)
    length.writeUIntBE(content.length, 0, bytes)
    return Buffer.concat([length, content])
  }
  const serverName = counted(2, Buffer.concat([Buffer.from([0]), counted(2, Buffer.from(name))]))
  const body = Buffer.concat([
    Buffer.from([3, 3]),
    Buffer.alloc(32, 7),
    counted(1, Buffer.alloc(0)),
    counted(2, Buffer.from([0x13, 0x01, 0xc0, 0x2f])),
    counted(1, Buffer.from([0])),
    counted(2, Buffer.concat([Buffer.from([0, 0]), counted(2, serverName)]))
  ])
  return Buffer.concat([Buffer.from([22, 3, 1]), counted(2, Buffer.concat([Buffer.from([1]), counted(3, body)]))])
}
