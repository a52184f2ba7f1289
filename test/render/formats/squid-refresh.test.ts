import { readFileSync } from 'node:fs'
import t from 'tap'
import { clearswift, rendered } from './support/rendered.ts'
import { folder, inNamespace, missing } from './support/tool.ts'

const example = (name: string) => readFileSync(new URL(`../../../examples/squid/${name}`, import.meta.url), 'utf8')
const tools = missing('squid', 'unshare', 'curl', 'tar', 'flock')
const skip = tools || (process.getuid?.() !== 0 && 'Squid has to be started by root')

const archive = (at: string) => rendered('squid', { document: clearswift, slice: 'out-tcp-80', at }).body
const before = archive('2018-11-21T23:59:59Z')
const after = archive('2018-11-22T00:00:00Z')
/** One of the six that retire on that day, in an archive of the same length. */
const faulty = Buffer.from(Buffer.from(after).toString('latin1').replace('70.33.161.213', '70.33.161.999'), 'latin1')

/** The catalogue, which answers what is in the file `answer`, and the site behind the proxy. */
const serve = `
  import { createServer } from 'node:http'
  import { readFileSync } from 'node:fs'
  createServer((request, response) => {
    const body = readFileSync('answer')
    const etag = '"' + readFileSync('tag', 'utf8').trim() + '"'
    if (body.length === 0) response.writeHead(503).end('not ready')
    else if (request.headers['if-none-match'] === etag) response.writeHead(304, { etag }).end()
    else response.writeHead(200, { etag }).end(body)
  }).listen(8080, '127.0.0.1')
  createServer((_, response) => response.writeHead(404).end()).listen(80)`

const script = `
  here=$PWD
  chmod 777 .
  sed -i "s|/etc/squid/portolan|$here/portolan|" portolan.conf
  ip addr add 184.72.245.1 dev lo
  "$NODE" serve.mjs & site=$!
  trap 'kill $site' EXIT
  export PORTOLAN_EXPORT='http://127.0.0.1:8080/v1/catalogues/ID/exports/squid?slice=out-tcp-80'
  export PORTOLAN_FOLDER=$here/portolan SQUID_CONF=$here/squid.conf
  offer() { cp "$1" answer; echo "$1" > tag; }
  refresh() { if ./refresh.sh 2>> said; then echo refreshed; else echo failed; fi; }
  ask() { curl -s -o /dev/null -w '%{http_code}' -x http://127.0.0.1:3128 http://184.72.245.1/; }
  becomes() { for _ in $(seq 50); do [ "$(ask)" = "$1" ] && break; sleep 0.1; done; ask; echo; }

  offer before
  until curl -s -o /dev/null http://127.0.0.1/; do sleep 0.1; done
  # The first time Squid is not there to be told.
  refresh
  squid -N -n refresh$$ -f squid.conf 2> log & squid=$!
  trap 'kill $squid $site; wait $squid; rm -f /dev/shm/refresh$$-*' EXIT
  becomes 404
  for bad in faulty cut empty; do offer $bad; refresh; ask; echo; done
  offer before; current=$(readlink portolan/current); refresh; [ "$current" = "$(readlink portolan/current)" ] && echo same
  # One that Squid is not told of is fetched again, although it has not changed.
  mkdir deaf; printf '#!/bin/sh\\ncase "$*" in *reconfigure*) exit 1;; esac\\nexec %s "$@"\\n' "$(command -v squid)" > deaf/squid
  chmod +x deaf/squid; offer after; PATH=$here/deaf:$PATH refresh; ask; echo
  refresh; becomes 403
  ls portolan | grep -c lists`

t.test(
  'the example brings what holds to a running Squid, and on any failure leaves it as it is',
  { skip },
  async (t) => {
    const cwd = folder(t, {
      before,
      after,
      faulty,
      cut: Buffer.from(after).subarray(0, 700),
      empty: '',
      'refresh.sh': example('refresh.sh'),
      'portolan.conf': example('portolan.conf'),
      'squid.conf': `http_port 127.0.0.1:3128\ninclude portolan.conf\nhttp_access deny all\ncache deny all\naccess_log none
cache_log cache.log\npid_filename squid.pid\nnetdb_filename none\npinger_enable off\nshutdown_lifetime 0 seconds
visible_hostname portolan\n`,
      'serve.mjs': serve
    })
    const { stdout, stderr } = await inNamespace(`chmod +x refresh.sh\n${script}`, {
      cwd,
      env: { NODE: process.execPath },
      timeout: 50_000
    })
    t.strictSame(
      stdout.trim().split('\n'),
      // Without Squid; with a list that is wrong, cut off, or not there; unchanged; with one that Squid was not told of; on the day.
      [
        'refreshed',
        '404',
        'failed',
        '404',
        'failed',
        '404',
        'failed',
        '404',
        'refreshed',
        'same',
        'failed',
        '404',
        'refreshed',
        '403',
        '1'
      ],
      stderr + readFileSync(`${cwd}/said`, 'utf8')
    )
  }
)
