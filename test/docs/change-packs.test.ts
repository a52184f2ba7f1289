import { runPage } from './support/run-page.ts'

runPage('docs/change-packs.md')
