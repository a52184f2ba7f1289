"""Real packets, for the test of a packet filter: one side serves, the other dials.

    probe.py serve PLAN SEEN     listens and echoes until SIGTERM, then writes which packets came in that nobody answers
    probe.py dial PLAN ANSWERED  tries every probe at once, then writes which were answered

Both files list the ids of probes. TCP connects and UDP is echoed; whatever has no ports goes out as a raw packet that bears its id, and what goes to a multicast group, from
which nobody answers, as a datagram that does. The side that serves has joined every group.
"""

import json
import resource
import selectors
import signal
import socket
import struct
import sys
import time

IP_PKTINFO, SO_RCVBUFFORCE = 8, 33  # of Linux, which Python does not name
MARK = b'portolan probe '
RAW = {'sctp': (132, 132), 'icmp': (1, 58), 'gre': (47, 47), 'esp': (50, 50)}
FAMILY = {'ipv4': socket.AF_INET, 'ipv6': socket.AF_INET6}


def open_socket(family, kind, protocol=0):
    opened = socket.socket(FAMILY[family], kind, protocol)
    opened.setblocking(False)
    if kind != socket.SOCK_RAW:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    if family == 'ipv6' and kind != socket.SOCK_RAW:
        opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    return opened


def serve(plan, target):
    chosen = selectors.DefaultSelector()
    kept, seen = [], set()

    def accept(listener):
        kept.append(listener.accept()[0])

    def echo(receiver):
        data, control, _, sender = receiver.recvmsg(64, 256)
        if MARK in data:
            mark(data)
            return
        # The answer has to come from the address that was asked, which is one of all there are.
        receiver.sendmsg([data], [item for item in control if item[1] in (IP_PKTINFO, socket.IPV6_PKTINFO)], 0, sender)

    def note(receiver):
        data = receiver.recv(2048)
        if MARK in data:
            mark(data)

    def mark(data):
        seen.add(int(data.split(MARK)[1].split(b'.')[0]))

    for family in FAMILY:
        everywhere = '0.0.0.0' if family == 'ipv4' else '::'
        for port in plan['ports']:
            listener = open_socket(family, socket.SOCK_STREAM)
            listener.bind((everywhere, port))
            listener.listen(4096)
            chosen.register(listener, selectors.EVENT_READ, accept)
            receiver = open_socket(family, socket.SOCK_DGRAM)
            if family == 'ipv4':
                receiver.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
            else:
                receiver.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
            receiver.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 24)
            receiver.bind((everywhere, port))
            chosen.register(receiver, selectors.EVENT_READ, echo)
        for numbers in RAW.values():
            receiver = open_socket(family, socket.SOCK_RAW, numbers[0 if family == 'ipv4' else 1])
            receiver.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 24)
            chosen.register(receiver, selectors.EVENT_READ, note)

    members = {family: open_socket(family, socket.SOCK_DGRAM) for family in FAMILY}
    for family, group in {(probe['family'], group_of(probe)) for probe in plan['probes'] if group_of(probe)}:
        index = struct.pack('@I', wire())
        if family == 'ipv4':
            request = socket.inet_pton(socket.AF_INET, group) + bytes(4) + index
            members[family].setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, request)
        else:
            request = socket.inet_pton(socket.AF_INET6, group) + index
            members[family].setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, request)

    stopping = []
    signal.signal(signal.SIGTERM, lambda *_: stopping.append(True))
    with open(f'{target}.ready', 'w'):
        pass
    while True:
        is_last = bool(stopping)
        ready = chosen.select(0 if is_last else 0.1)
        # What came in before the signal still counts.
        if is_last and not ready:
            break
        for key, _ in ready:
            try:
                key.data(key.fileobj)
            except OSError:
                pass
    with open(target, 'w') as file:
        json.dump(sorted(seen), file)


def wire():
    return socket.if_nametoindex('wire')


def group_of(probe):
    """The multicast group that a probe goes to, if it goes to one."""
    return probe.get('group') or (probe['address'] if is_group(probe['address']) else None)


def is_group(address):
    return address.startswith('ff') if ':' in address else 224 <= int(address.split('.')[0]) < 240


def packet(probe):
    """The payload of IP, whose checksum is of no matter here but for ICMP."""
    text = MARK + str(probe['id']).encode() + b'.'
    if probe['transport'] == 'sctp':
        return struct.pack('!HHII', probe['sourcePort'], probe['port'], 1, 0) + text
    if probe['transport'] == 'esp':
        return struct.pack('!II', 1, 1) + text
    if probe['transport'] == 'gre':
        return struct.pack('!HH', 0, 0x0800) + text
    header = struct.pack('!BBHI', probe['type'], probe['code'], 0, probe['id'])
    if probe['family'] == 'ipv6':
        return header + text  # the kernel fills in the checksum
    data = header + text + b'\0' * (len(text) % 2)
    total = sum(struct.unpack(f'!{len(data) // 2}H', data))
    total = (total & 0xFFFF) + (total >> 16)
    total = ~(total + (total >> 16)) & 0xFFFF
    return struct.pack('!BBHI', probe['type'], probe['code'], total, probe['id']) + data[8:]


def dial(plan, target):
    chosen = selectors.DefaultSelector()
    answered = set()
    raw = {}
    for index, probe in enumerate(plan['probes']):
        family, transport = probe['family'], probe['transport']
        source, destination = ends(plan, probe)
        try:
            if group_of(probe):
                # The route to a group may not be there yet; it is sent again.
                attempt(lambda: send_to_group(raw, plan, probe))
            elif transport in ('tcp', 'udp'):
                connect(chosen, probe, source, destination)
            else:
                send_raw(raw, plan, probe)
        except PermissionError:
            pass  # how the kernel tells a sender that its own filter dropped the packet
        if index % 50 == 49:
            collect(chosen, answered, 0.002)
    awaited = set(plan['awaited'])
    latest = time.monotonic() + 20
    again = time.monotonic() + 1
    while not awaited <= answered and time.monotonic() < latest:
        collect(chosen, answered, 0.1)
        # A busy machine loses datagrams; TCP tries again by itself.
        if time.monotonic() > again:
            again = time.monotonic() + 1
            repeat(chosen, plan, raw)
            redial(chosen, plan, awaited - answered)
    repeat(chosen, plan, raw)
    # What ought not to be answered would be by now, but for this much.
    end = time.monotonic() + 0.5
    while chosen.get_map() and time.monotonic() < end:
        collect(chosen, answered, end - time.monotonic())
    with open(target, 'w') as file:
        json.dump(sorted(answered), file)


def connect(chosen, probe, source, destination):
    is_tcp = probe['transport'] == 'tcp'
    opened = open_socket(probe['family'], socket.SOCK_STREAM if is_tcp else socket.SOCK_DGRAM)
    opened.bind((source, probe['sourcePort']))
    try:
        opened.connect((destination, probe['port']))
    except BlockingIOError:
        pass
    if not is_tcp:
        opened.send(b'?')
    chosen.register(opened, selectors.EVENT_WRITE if is_tcp else selectors.EVENT_READ, probe)


def redial(chosen, plan, missing):
    # A connection that an error ended, such as a neighbour that was not there yet, tries no more by itself.
    open_still = {key.data['id'] for key in chosen.get_map().values()}
    for probe in plan['probes']:
        if probe['transport'] == 'tcp' and probe['id'] in missing - open_still:
            attempt(lambda: connect(chosen, probe, *ends(plan, probe)))


def repeat(chosen, plan, raw):
    for key in list(chosen.get_map().values()):
        if key.data['transport'] == 'udp':
            attempt(lambda: key.fileobj.send(b'?'))
    for probe in plan['probes']:
        if group_of(probe):
            attempt(lambda: send_to_group(raw, plan, probe))
        elif probe['transport'] in RAW:
            attempt(lambda: send_raw(raw, plan, probe))


def send_raw(raw, plan, probe):
    family, transport = probe['family'], probe['transport']
    source, destination = ends(plan, probe)
    key = (family, transport, source)
    if key not in raw:
        raw[key] = open_socket(family, socket.SOCK_RAW, RAW[transport][0 if family == 'ipv4' else 1])
        raw[key].bind((source, 0))
    raw[key].sendto(packet(probe), (destination, 0))


def send_to_group(opened, plan, probe):
    family = probe['family']
    source, group = ends(plan, probe)
    key = (family, 'group', source, probe['sourcePort'])
    if key not in opened:
        sender = open_socket(family, socket.SOCK_DGRAM)
        index = struct.pack('@I', wire())
        if family == 'ipv4':
            sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, bytes(8) + index)
        else:
            sender.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, index)
        sender.bind((source, probe['sourcePort']))
        opened[key] = sender
    opened[key].sendto(MARK + str(probe['id']).encode() + b'.', (group, probe['port']))


def ends(plan, probe):
    product = probe.get('own') or plan['product'][probe['family']]
    if probe['direction'] == 'outbound':
        return product, probe['address']
    return probe['address'], probe.get('group') or product


def attempt(send):
    try:
        send()
    except OSError:
        pass  # how the kernel tells a sender that a filter, its own or the other's, refused the packet


def collect(chosen, answered, patience):
    for key, _ in chosen.select(max(0, patience)):
        probe = key.data
        try:
            if probe['transport'] == 'udp':
                key.fileobj.recv(64)
                answered.add(probe['id'])
            elif key.fileobj.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0:
                answered.add(probe['id'])
        except OSError:
            pass
        chosen.unregister(key.fileobj)
        key.fileobj.close()


if __name__ == '__main__':
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    role, plan_path, target_path = sys.argv[1:]
    with open(plan_path) as plan_file:
        (serve if role == 'serve' else dial)(json.load(plan_file), target_path)
