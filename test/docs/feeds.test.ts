import { runPage } from './support/run-page.ts'

runPage('docs/feeds.md')
