import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { folder, pathOf } from '../../render/formats/support/tool.ts'
import { isListenedTo } from '../../support/free-port.ts'

interface Test {
  teardown(close: () => void | Promise<void>): void
  comment(text: string): void
}

const settings = (folder: string, port: number, service: string) => `
daemon off;
worker_processes 1;
user root;
pid ${folder}/pid;
error_log ${folder}/error.log;
events { worker_connections 64; }
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${kind};`).join('\n  ')}
  gzip on;
  gzip_min_length 1;
  gzip_proxied any;
  gzip_types application/json application/yaml text/plain;
  server {
    listen 127.0.0.1:${port};
    location /portolan/ {
      proxy_pass ${service}/;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      # nginx itself compresses.
      proxy_set_header Accept-Encoding "";
    }
  }
}
`

/** A real nginx that takes the path `/portolan` away, and compresses what the service answers. */
export async function startNginx(t: Test, port: number, service: string): Promise<void> {
  const cwd = folder(t)
  const file = join(cwd, 'nginx.conf')
  writeFileSync(file, settings(cwd, port, service))
  const nginx = spawn(pathOf('nginx') ?? 'nginx', ['-p', cwd, '-c', file], { stdio: 'ignore' })
  const ended = once(nginx, 'exit')
  t.teardown(async () => {
    nginx.kill('SIGTERM')
    await ended
  })
  while (!(await isListenedTo(port)) && nginx.exitCode === null) await sleep(20)
}
