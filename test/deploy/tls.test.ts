import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { blocksIn } from '../docs/support/page.ts'
import { folder, missing } from '../render/formats/support/tool.ts'
import { repository } from '../support/repository.ts'

const [caddy, nginx] = blocksIn(readFileSync(join(repository, 'docs/tls.md'), 'utf8')).map(({ text }) => text)

t.test(
  'nginx takes the block of the page, and refuses a changed one',
  { skip: missing('nginx', 'openssl') },
  async (t) => {
    const cwd = folder(t)
    const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=x']
    spawnSync('openssl', [...made, '-keyout', 'privkey.pem', '-out', 'fullchain.pem'], { cwd })
    const isOld = /nginx\/1\.(?:[0-9]|1\d|2[0-4])\./.test(spawnSync('nginx', ['-v'], { encoding: 'utf8' }).stderr)
    const judge = (block: string) => {
      const here = block.replaceAll('/etc/portolan/tls', cwd)
      // As the page says for versions before 1.25.1.
      const server = isOld ? here.replace('listen 443 ssl;', 'listen 443 ssl http2;').replace('http2 on;', '') : here
      const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (name) => `${name}_temp_path ${cwd}/${name};`
      )
      const config = `pid ${cwd}/pid;\nerror_log stderr;\nevents {}\nhttp {\naccess_log off;\n${paths.join('\n')}\n${server}}\n`
      writeFileSync(join(cwd, 'nginx.conf'), config)
      return spawnSync('nginx', ['-t', '-c', join(cwd, 'nginx.conf')], { encoding: 'utf8' })
    }
    const { status, stderr } = judge(`${nginx}\n`)
    t.equal(status, 0, stderr)
    t.not(judge(`${nginx?.replace('proxy_buffering', 'proxy_bufering')}\n`).status, 0)
  }
)

t.test('the block for Caddy passes on to where the service listens, without collecting', async (t) => {
  t.match(caddy, /reverse_proxy 127\.0\.0\.1:8080 \{\n\t\tflush_interval -1\n\t\}/)
  t.equal(caddy?.split('{').length, caddy?.split('}').length)
})
