import { runPage } from './support/run-page.ts'

runPage('docs/change-packs.md', {
  before: `git init -q -b main firewall
    git -C firewall config user.name me
    git -C firewall config user.email me@example.net
    git -C firewall commit -q --allow-empty -m first`
})
