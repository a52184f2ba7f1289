import { runPage } from './support/run-page.ts'

runPage('docs/sites.md')
